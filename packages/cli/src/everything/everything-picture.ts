import {
  coverageOf,
  drawMasks,
  type EncodedImage,
  type EverythingOptions,
  type EverythingProgress,
  type FoundMask,
} from 'samgpu';

import { type OutputFormat, fileEndings } from '../outputs/output-format.ts';
import { MaskWriter } from '../outputs/write-masks.ts';
import { writeColors } from '../outputs/write-png.ts';
import type { PictureWork } from '../segment/process-pictures.ts';
import { onInterrupt } from '../terminal/on-exit.ts';
import type { EverythingRequest } from './everything-request.ts';
import type { EverythingMask, EverythingResult } from './everything-result.ts';

/** Finds everything in one picture and writes it. Ctrl-C ends the search, not the writing. */
export async function everythingPicture(
  { segmenter, picture, read, folder }: PictureWork,
  { options, formats, crop }: EverythingRequest,
  onProgress: (progress: EverythingProgress) => void,
): Promise<EverythingResult> {
  const { pixels } = read;
  const image = await segmenter.encode(pixels);
  try {
    const start = performance.now();
    const { found, complete, points } = await find(image, options, onProgress);
    const written = performance.now();
    const isOpaque = pixels.channels === 3;
    const ownFormats = formats.filter((format) => format !== 'overlay');
    const writer = new MaskWriter(folder, picture.stem, {
      formats: ownFormats,
      crop,
      pixels,
      soften: (mask, options) => image.matte(mask, options),
    });
    const masks: EverythingMask[] = [];
    for (const each of found) {
      const files = await writer.add(each.mask, extras(each));
      masks.push({ ...described(each), files });
    }
    const files: Partial<Record<OutputFormat, string>> = {};
    if (formats.includes('overlay')) {
      const drawn = drawMasks(
        found.map(({ mask }) => mask),
        pixels,
      );
      files.overlay = await folder.write(picture.stem + fileEndings.overlay, (path) =>
        writeColors(path, drawn, isOpaque),
      );
    }
    Object.assign(files, await writer.finish(picture.file, image));
    const { width, height, timings } = image;
    const covered = coverageOf(
      found.map(({ mask }) => mask.toRle()),
      image,
    ).share;
    return {
      file: picture.file,
      width,
      height,
      model: segmenter.variant.name,
      backend: segmenter.backend,
      times: {
        read: rounded(read.duration),
        preprocess: rounded(timings.preprocess),
        encode: rounded(timings.encode),
        find: rounded(written - start),
        write: rounded(performance.now() - written),
      },
      complete,
      points,
      covered: Math.round(covered * 1e4) / 1e4,
      masks,
      files,
    };
  } finally {
    image.dispose();
  }
}

interface Search {
  readonly found: readonly FoundMask[];
  readonly complete: boolean;
  readonly points: { readonly tried: number; readonly total: number };
}

async function find(
  image: EncodedImage,
  options: EverythingOptions,
  onProgress: (progress: EverythingProgress) => void,
): Promise<Search> {
  const interruption = new AbortController();
  const release = onInterrupt(() => interruption.abort());
  let points = { tried: 0, total: 0 };
  const run = image.segmentEverything({
    ...options,
    signal: interruption.signal,
    onProgress: (progress) => {
      points = { tried: progress.points, total: progress.total };
      onProgress(progress);
    },
  });
  try {
    const { masks } = await run;
    return { found: masks, complete: true, points };
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    return { found: run.found(), complete: false, points };
  } finally {
    release();
  }
}

function described({
  mask,
  score,
  stability,
  area,
  bounds,
  point,
  cropBox,
}: FoundMask): Omit<EverythingMask, 'files'> {
  const rle = mask.toRle({ compressed: true });
  return { score, stability, bounds, area, point, cropBox, rle };
}

function extras({ stability, point, cropBox }: FoundMask): {
  stability_score: number;
  point_coords: [[x: number, y: number]];
  crop_box: [x: number, y: number, width: number, height: number];
} {
  const { x, y, width, height } = cropBox;
  return {
    stability_score: stability,
    point_coords: [[point.x, point.y]],
    crop_box: [x, y, width, height],
  };
}

// Hundredths of a millisecond are below what clocks of processes can tell.
function rounded(time: number): number {
  return Math.round(time * 100) / 100;
}
