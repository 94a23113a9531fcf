import type { PixelSource, Size } from '@samgpu/mask';

import { readCoco } from './coco/read-coco.ts';
import { DocumentError } from './document-error.ts';
import { defaultLimits, type ReadLimits } from './limits.ts';
import { notesKeyword, readMaskNotes } from './mask-png/mask-png-notes.ts';
import { readMaskPng } from './mask-png/read-mask-png.ts';
import { readOpenRasterArchive } from './openraster/read-openraster.ts';
import {
  type Background,
  type PictureObject,
  type ReadObject,
  withIds,
} from './picture-document.ts';
import { decodePng, pngToRgba, readPngText } from './png/decode-png.ts';
import { readProjectArchive } from './project/read-project.ts';
import { readPsd } from './psd/read-psd.ts';
import { sniffFormat } from './sniff-format.ts';
import { readSvg } from './svg/read-svg.ts';
import { decodeText, ZipArchive } from './zip/read-zip.ts';

/** What came out of a file. */
export type OpenedDocument =
  /** A picture, with objects where the file holds some. */
  | {
      readonly kind: 'picture';
      readonly format: 'project' | 'psd' | 'openraster' | 'svg' | 'picture';
      readonly image: PixelSource;
      /** The file that the picture alone lies in, to be kept as it is; undefined for layers. */
      readonly picture: Blob | undefined;
      readonly objects: readonly PictureObject[];
      readonly background: Background | undefined;
      /** State of an editor that a project kept. */
      readonly session: unknown;
    }
  /** Objects of a picture that is not in the file. */
  | {
      readonly kind: 'objects';
      readonly format: 'coco' | 'svg' | 'mask';
      /**
       * @param image - the picture that is open
       * @throws DocumentError `wrong-picture`, `damaged`, `no-objects` or `too-large`
       */
      objectsFor(image: Size & { readonly name?: string }): readonly ReadObject[];
    };

/** How {@link openDocument} reads. */
export interface OpenOptions {
  readonly limits?: ReadLimits;
  /**
   * Decodes what only the platform can: JPEG, WebP and others, colour profiles, orientation.
   * Default: PNG alone, its bytes as they are.
   */
  readonly decode?: (file: Blob) => Promise<PixelSource>;
  /** Take a PNG for masks even where it does not say that it holds some. Default `false`. */
  readonly asMask?: boolean;
}

/**
 * Opens a file by its content: projects, PSD, OpenRaster, SVG, COCO, masks and pictures.
 *
 * @throws DocumentError; and whatever `decode` throws
 */
export async function openDocument(
  file: Blob,
  { limits = defaultLimits, decode = decodePlainPng, asMask = false }: OpenOptions = {},
): Promise<OpenedDocument> {
  if (file.size > limits.maxBytes) {
    throw new DocumentError(
      'too-large',
      `The file has ${file.size} bytes; the limit is ${limits.maxBytes}.`,
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  switch (sniffFormat(bytes)) {
    case 'psd': {
      const { image, objects } = await readPsd(bytes, limits);
      return opened('psd', image, { objects: withIds(objects) });
    }
    case 'zip':
      return openArchive(await ZipArchive.open(bytes, limits), limits, decode);
    case 'png':
      return openPng(file, bytes, limits, decode, asMask);
    case 'xml':
      return openSvg(decodeText(bytes, 'The SVG'), limits, decode);
    case 'json': {
      const coco = readCoco(decodeText(bytes, 'The COCO file'), limits);
      return { kind: 'objects', format: 'coco', objectsFor: (image) => coco.objectsFor(image) };
    }
    default:
      return opened('picture', await decode(file), { picture: file });
  }
}

function opened(
  format: 'project' | 'psd' | 'openraster' | 'svg' | 'picture',
  image: PixelSource,
  rest: Partial<Omit<OpenedDocument & { kind: 'picture' }, 'kind' | 'format' | 'image'>>,
): OpenedDocument {
  const nothing = { picture: undefined, objects: [], background: undefined, session: undefined };
  return { kind: 'picture', format, image, ...nothing, ...rest };
}

async function openArchive(
  archive: ZipArchive,
  limits: ReadLimits,
  decode: NonNullable<OpenOptions['decode']>,
): Promise<OpenedDocument> {
  if (archive.has('stack.xml')) {
    const { image, objects } = await readOpenRasterArchive(archive, limits);
    return opened('openraster', image, { objects: withIds(objects) });
  }
  if (archive.names.length > 0 && archive.names.every((name) => /\.png$/i.test(name))) {
    return openMasks(archive, limits);
  }
  if (!archive.has('project.json')) {
    throw new DocumentError(
      'unknown-format',
      `The archive is neither a project nor OpenRaster; it holds ${archive.names.slice(0, 3).join(', ')}. Unpack it, and open what is in it.`,
    );
  }
  const { picture, size, objects, background, session } = await readProjectArchive(archive, limits);
  const image = await decode(picture);
  if (image.width !== size.width || image.height !== size.height) {
    throw new DocumentError(
      'damaged',
      `The project’s picture is ${image.width} x ${image.height}, and yet said to be ${size.width} x ${size.height}.`,
    );
  }
  return opened('project', image, { picture, objects, background, session });
}

async function openPng(
  file: Blob,
  bytes: Uint8Array,
  limits: ReadLimits,
  decode: NonNullable<OpenOptions['decode']>,
  asMask: boolean,
): Promise<OpenedDocument> {
  const isMask = asMask || saysItIsMask(bytes);
  if (!isMask) return opened('picture', await decode(file), { picture: file });
  const { size, objects } = await readMaskPng(bytes, {}, limits);
  return openedMasks(size, objects);
}

/** An archive with a mask per file, named for it unless the mask says a name itself. */
async function openMasks(archive: ZipArchive, limits: ReadLimits): Promise<OpenedDocument> {
  const objects: ReadObject[] = [];
  let size: Size | undefined;
  for (const file of archive.names) {
    const bytes = await archive.read(file);
    const read = await readMaskPng(bytes, {}, limits);
    size ??= read.size;
    if (read.size.width !== size.width || read.size.height !== size.height) {
      throw new DocumentError(
        'unsupported',
        `The archive holds pictures of ${size.width} x ${size.height} and of ${read.size.width} x ${read.size.height}: not masks of one picture. Unpack it, and open what is in it.`,
      );
    }
    const name = file.replace(/^.*\//, '').replace(/\.png$/i, '');
    const isNamed = saysItIsMask(bytes);
    objects.push(...read.objects.map((object) => (isNamed ? object : { ...object, name })));
  }
  return openedMasks(size!, objects);
}

function openedMasks(size: Size, objects: readonly ReadObject[]): OpenedDocument {
  return {
    kind: 'objects',
    format: 'mask',
    objectsFor: (image) => {
      if (image.width === size.width && image.height === size.height) return objects;
      throw new DocumentError(
        'wrong-picture',
        `The mask is ${size.width} x ${size.height}, the picture ${image.width} x ${image.height}. Open the picture that it was made for.`,
      );
    },
  };
}

function saysItIsMask(bytes: Uint8Array): boolean {
  try {
    return readMaskNotes(readPngText(bytes).get(notesKeyword)) !== undefined;
  } catch {
    // Whether a damaged picture can be shown all the same, its decoder knows.
    return false;
  }
}

async function openSvg(
  text: string,
  limits: ReadLimits,
  decode: NonNullable<OpenOptions['decode']>,
): Promise<OpenedDocument> {
  const drawing = readSvg(text, limits);
  if (drawing.picture === undefined) {
    return { kind: 'objects', format: 'svg', objectsFor: (image) => drawing.objectsFor(image) };
  }
  const image = await decode(drawing.picture);
  const objects = withIds(drawing.objectsFor(image));
  return opened('svg', image, { picture: drawing.picture, objects });
}

async function decodePlainPng(file: Blob): Promise<PixelSource> {
  return pngToRgba(await decodePng(new Uint8Array(await file.arrayBuffer())));
}
