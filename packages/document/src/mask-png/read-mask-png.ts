import { distinctColors, Mask, type RgbColor, type Size } from '@samgpu/mask';

import { wholeBox } from '../boxes.ts';
import { DocumentError } from '../document-error.ts';
import { Budget, defaultLimits, type ReadLimits } from '../limits.ts';
import { objectFromAlpha } from '../object-from-alpha.ts';
import type { ReadObject } from '../picture-document.ts';
import { decodePng, type PngImage } from '../png/decode-png.ts';
import { notesKeyword, readMaskNotes, type MaskPngNotes } from './mask-png-notes.ts';

/** How levels are read. */
export interface MaskPngReadOptions {
  /**
   * - `labels`: each level but 0 is an object
   * - `alpha`: levels are shares of one object
   * - `auto` (default): as the file says; else labels where it has a palette, colours, or few levels
   */
  readonly kind?: 'auto' | 'labels' | 'alpha';
}

/** Beyond this many levels they are the shades of one soft mask, unless somebody says otherwise. */
const mostLevels = 64;

/** Masks of a file that holds nothing else. */
export interface MaskPngFile {
  readonly size: Size;
  readonly objects: readonly ReadObject[];
}

/**
 * Reads masks from a PNG: numbers of objects as levels of grey or of a palette, distinct colours, or one
 * soft mask as grey or alpha.
 *
 * @throws DocumentError `unknown-format`, `damaged`, `no-objects` or `too-large`
 */
export async function readMaskPng(
  bytes: Uint8Array,
  { kind = 'auto' }: MaskPngReadOptions = {},
  limits: ReadLimits = defaultLimits,
): Promise<MaskPngFile> {
  const png = await decodePng(bytes, limits);
  const notes = readMaskNotes(png.text.get(notesKeyword));
  const found = levelsOf(png);
  const wanted = kind === 'auto' ? (notes?.kind ?? guessKind(png, found)) : kind;
  const objects =
    wanted === 'labels'
      ? readLabels(png, found, notes, limits)
      : await readAlpha(png, found, notes, limits);
  if (objects.length === 0) {
    throw new DocumentError(
      'no-objects',
      'The PNG holds no mask: all of its pixels are alike, or 0.',
    );
  }
  return { size: { width: png.width, height: png.height }, objects };
}

/** One number per pixel, 0 for none. */
interface Levels {
  readonly values: Uint8Array | Uint16Array | Uint32Array; // [height, width]
  /** Those that occur, but 0, in their order. */
  readonly distinct: readonly number[];
  readonly isAlpha: boolean;
  readonly isColor: boolean;
  readonly largest: number;
}

function levelsOf({ width, height, channels, depth, samples }: PngImage): Levels {
  const largest = 2 ** depth - 1;
  const count = width * height;
  if (channels === 1) return describe(samples, { isAlpha: false, isColor: false, largest });
  const alpha = samples.slice(0, count);
  if (channels % 2 === 0) {
    for (let i = 0; i < count; i++) alpha[i] = samples[(i + 1) * channels - 1]!;
    if (alpha.some((level) => level !== largest)) {
      return describe(alpha, { isAlpha: true, isColor: false, largest });
    }
  }
  if (channels < 3) {
    for (let i = 0; i < count; i++) alpha[i] = samples[i * channels]!;
    return describe(alpha, { isAlpha: false, isColor: false, largest });
  }
  const colors = new Uint32Array(count);
  const scale = depth === 16 ? 257 : 1;
  for (let i = 0, at = 0; i < count; i++, at += channels) {
    const [red, green, blue] = [samples[at]!, samples[at + 1]!, samples[at + 2]!];
    colors[i] =
      (Math.round(red / scale) << 16) | (Math.round(green / scale) << 8) | Math.round(blue / scale);
  }
  return describe(colors, { isAlpha: false, isColor: true, largest: 0xffffff });
}

function describe(
  values: Levels['values'],
  rest: Pick<Levels, 'isAlpha' | 'isColor' | 'largest'>,
): Levels {
  const distinct = new Set<number>();
  let previous = 0;
  for (const value of values) {
    if (value === previous) continue;
    distinct.add(value);
    previous = value;
    // More than any label map has; the rest does not matter.
    if (distinct.size > 0xffff) break;
  }
  distinct.delete(0);
  return { values, distinct: [...distinct].sort((a, b) => a - b), ...rest };
}

function guessKind(
  { palette }: PngImage,
  { distinct, isAlpha, isColor }: Levels,
): 'labels' | 'alpha' {
  if (palette !== undefined || isColor) return 'labels';
  return isAlpha || distinct.length > mostLevels ? 'alpha' : 'labels';
}

function readLabels(
  { width, height, palette }: PngImage,
  { values, distinct, isColor }: Levels,
  notes: MaskPngNotes | undefined,
  limits: ReadLimits,
): ReadObject[] {
  if (distinct.length > Math.min(limits.maxObjects, 0xffff)) {
    throw new DocumentError(
      'too-large',
      `The PNG has ${distinct.length} or more different levels or colours: that is a picture, or a soft mask, not numbers of objects.`,
    );
  }
  const colors = distinctColors(distinct.length);
  const labels = labelRuns(values, { width, height }, distinct);
  return distinct.map((level, i) => {
    const note = notes?.kind === 'labels' ? notes.objects[level - 1] : undefined;
    const own: RgbColor | undefined = isColor
      ? [level >> 16, (level >> 8) & 0xff, level & 0xff]
      : palette?.[level];
    return {
      name: `Object ${i + 1}`,
      color: own ?? colors[i]!,
      visible: true,
      ...note,
      mask: Mask.fromRle({ size: [height, width], counts: labels[i]! }),
    };
  });
}

/** Run lengths of every label in one pass down the columns. */
function labelRuns(
  values: Levels['values'],
  { width, height }: Size,
  distinct: readonly number[],
): number[][] {
  const indices = new Map(distinct.map((level, i) => [level, i]));
  const counts: number[][] = distinct.map(() => []);
  const ends = new Float64Array(distinct.length);
  let open = 0;
  let start = 0;
  const close = (position: number): void => {
    const index = indices.get(open);
    if (index === undefined) return;
    counts[index]!.push(start - ends[index]!, position - start);
    ends[index] = position;
  };
  for (let x = 0, position = 0; x < width; x++) {
    for (let y = 0; y < height; y++, position++) {
      const level = values[y * width + x]!;
      if (level === open) continue;
      close(position);
      [open, start] = [level, position];
    }
  }
  close(width * height);
  for (const [i, end] of ends.entries()) {
    if (end < width * height) counts[i]!.push(width * height - end);
  }
  return counts;
}

async function readAlpha(
  { width, height }: PngImage,
  { values, isColor, largest }: Levels,
  notes: MaskPngNotes | undefined,
  limits: ReadLimits,
): Promise<ReadObject[]> {
  if (isColor) {
    throw new DocumentError(
      'unsupported',
      'The PNG is in colours, so its levels are no soft mask. Save it as greyscale.',
    );
  }
  const alpha = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) alpha[i] = Math.round((values[i]! * 255) / largest);
  const size = { width, height };
  const object = await objectFromAlpha({
    name: 'Object 1',
    color: distinctColors(1)[0]!,
    visible: true,
    ...notes?.objects[0],
    area: { box: wholeBox(size), alpha },
    size,
    budget: new Budget('bytes of masks', limits.maxBytes),
  });
  return object === undefined ? [] : [object];
}
