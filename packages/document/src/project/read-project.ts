import {
  fromCompressedRle,
  Mask,
  MaskError,
  type PixelSource,
  type RgbColor,
  type Size,
} from '@samgpu/mask';

import { wholeBox } from '../boxes.ts';
import { copyPixels } from '../copy-pixels.ts';
import { DocumentError } from '../document-error.ts';
import { Budget, checkSize, defaultLimits, type ReadLimits } from '../limits.ts';
import type { Background, ObjectMatte, PictureObject } from '../picture-document.ts';
import { decodePng, pngToRgba } from '../png/decode-png.ts';
import { ZipArchive } from '../zip/read-zip.ts';
import { projectFormat, projectVersion } from './project-file.ts';

/** A project, its picture still packed as it was opened. */
export interface ReadProject {
  readonly name: string;
  /** The file that the picture was opened from, with its media type. */
  readonly picture: Blob;
  readonly size: Size;
  readonly objects: readonly PictureObject[];
  readonly background: Background | undefined;
  /** State of an editor, to be checked by it. */
  readonly session: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a project file.
 *
 * @throws DocumentError `damaged`, `unsupported` or `too-large`
 */
export async function readProject(
  bytes: Uint8Array,
  limits: ReadLimits = defaultLimits,
): Promise<ReadProject> {
  return readProjectArchive(await ZipArchive.open(bytes, limits), limits);
}

/** @throws DocumentError as {@link readProject} */
export async function readProjectArchive(
  archive: ZipArchive,
  limits: ReadLimits,
): Promise<ReadProject> {
  const json = object(
    parse(await archive.readText('project.json'), 'project.json'),
    'project.json',
  );
  if (json['format'] !== projectFormat) throw damaged('format', json['format']);
  const version = wholeNumber(json['version'], 'version');
  if (version > projectVersion) {
    throw new DocumentError(
      'unsupported',
      `The project has version ${version}; up to ${projectVersion} are read. Open it with a newer samgpu.`,
    );
  }
  const image = object(json['image'], 'image');
  const size = {
    width: wholeNumber(image['width'], 'image.width'),
    height: wholeNumber(image['height'], 'image.height'),
  };
  checkSize('The project’s picture', size.width, size.height, limits);
  const objects = list(json['objects'], 'objects');
  if (objects.length > limits.maxObjects) {
    throw new DocumentError(
      'too-large',
      `The project has ${objects.length} objects; the limit is ${limits.maxObjects}.`,
    );
  }
  const reader = new ProjectReader(archive, size, limits);
  const mediaType = text(image['mediaType'], 'image.mediaType');
  const picture = await archive.read(text(image['file'], 'image.file'));
  const read: PictureObject[] = [];
  for (const [i, value] of objects.entries())
    read.push(await reader.object(value, `objects[${i}]`));
  const session = json['session'];
  return {
    name: text(json['name'], 'name'),
    picture: new Blob([picture], { type: /^image\/[\w.+-]+$/.test(mediaType) ? mediaType : '' }),
    size,
    objects: read,
    background: await reader.background(json['background']),
    session:
      session === undefined
        ? undefined
        : parse(await archive.readText(text(session, 'session')), 'the session'),
  };
}

class ProjectReader {
  readonly #archive: ZipArchive;
  readonly #size: Size;
  readonly #limits: ReadLimits;
  readonly #budget: Budget;
  readonly #ids = new Set<string>();

  constructor(archive: ZipArchive, size: Size, limits: ReadLimits) {
    this.#archive = archive;
    this.#size = size;
    this.#limits = limits;
    this.#budget = new Budget('bytes of soft edges', limits.maxBytes);
  }

  async object(value: unknown, place: string): Promise<PictureObject> {
    const json = object(value, place);
    const id = text(json['id'], `${place}.id`);
    if (this.#ids.has(id)) throw damaged(`${place}.id`, id);
    this.#ids.add(id);
    const opacity = json['opacity'];
    if (opacity !== undefined && !(Number(opacity) >= 0 && Number(opacity) <= 1)) {
      throw damaged(`${place}.opacity`, opacity);
    }
    const matte = json['matte'];
    return {
      id,
      name: text(json['name'], `${place}.name`),
      color: color(json['color'], `${place}.color`),
      visible: json['visible'] !== false,
      ...(opacity !== undefined && { opacity: Number(opacity) }),
      mask: this.#mask(json['mask'], `${place}.mask`),
      ...(matte !== undefined && { matte: await this.#matte(matte, `${place}.matte`) }),
    };
  }

  async background(value: unknown): Promise<Background | undefined> {
    if (value === undefined) return undefined;
    const json = object(value, 'background');
    switch (json['kind']) {
      case 'original':
      case 'transparent':
        return { kind: json['kind'] };
      case 'color':
        return { kind: 'color', color: color(json['color'], 'background.color') };
      case 'blur': {
        const radius = Number(json['radius']);
        if (!(radius >= 0)) throw damaged('background.radius', json['radius']);
        return { kind: 'blur', radius };
      }
      case 'picture': {
        const picture = await this.#png(json['file'], 'background.file');
        const fit = json['fit'] === 'contain' ? 'contain' : 'cover';
        const behind = json['color'];
        return {
          kind: 'picture',
          picture,
          fit,
          ...(behind !== undefined && { color: color(behind, 'background.color') }),
        };
      }
      default:
        throw damaged('background.kind', json['kind']);
    }
  }

  #mask(value: unknown, place: string): Mask {
    const { size, counts } = object(value, place);
    const { width, height } = this.#size;
    if (
      !Array.isArray(size) ||
      size[0] !== height ||
      size[1] !== width ||
      typeof counts !== 'string'
    ) {
      throw damaged(place, size);
    }
    try {
      return Mask.fromRle(fromCompressedRle({ size: [height, width], counts }));
    } catch (cause) {
      if (!(cause instanceof MaskError)) throw cause;
      throw new DocumentError('damaged', `${place} of the project: ${cause.message}`, { cause });
    }
  }

  async #matte(value: unknown, place: string): Promise<ObjectMatte> {
    const json = object(value, place);
    const [x, y] = [wholeNumber(json['x'], `${place}.x`), wholeNumber(json['y'], `${place}.y`)];
    const { width, height } = this.#size;
    const png = await decodePng(
      await this.#archive.read(text(json['alpha'], `${place}.alpha`)),
      this.#limits,
    );
    const isInside = x + png.width <= width && y + png.height <= height;
    if (png.channels !== 1 || png.depth !== 8 || png.palette !== undefined || !isInside) {
      throw damaged(place, `${png.width} x ${png.height} at ${x}, ${y}`);
    }
    this.#budget.take(width * height);
    const bounds = { x, y, width: png.width, height: png.height };
    const whole = new Uint8Array(width * height);
    const alpha = copyPixels(png.samples, bounds, whole, wholeBox(this.#size));
    if (json['colors'] === undefined) return { width, height, alpha, bounds };
    const colors = await this.#png(json['colors'], `${place}.colors`);
    if (colors.width !== png.width || colors.height !== png.height) {
      throw damaged(`${place}.colors`, `${colors.width} x ${colors.height}`);
    }
    return { width, height, alpha, bounds, foreground: () => colors };
  }

  async #png(value: unknown, place: string): Promise<PixelSource & ReturnType<typeof pngToRgba>> {
    const png = await decodePng(await this.#archive.read(text(value, place)), this.#limits);
    this.#budget.take(png.width * png.height * 4);
    return pngToRgba(png);
  }
}

function parse(content: string, name: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new DocumentError('damaged', `${name} of the project is not JSON: ${String(cause)}.`, {
      cause,
    });
  }
}

function object(value: unknown, place: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw damaged(place, value);
  return value as Json;
}

function list(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw damaged(place, value);
  return value;
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string') throw damaged(place, value);
  return value;
}

function wholeNumber(value: unknown, place: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw damaged(place, value);
  return value as number;
}

function color(value: unknown, place: string): RgbColor {
  const isColor =
    Array.isArray(value) &&
    value.length === 3 &&
    value.every((level) => Number.isInteger(level) && level >= 0 && level <= 255);
  if (!isColor) throw damaged(place, value);
  return value as unknown as RgbColor;
}

function damaged(place: string, value: unknown): DocumentError {
  const shown = JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
  return new DocumentError('damaged', `The project’s ${place} is ${shown}: it was damaged.`);
}
