import {
  coverageOf,
  type EncodedImage,
  type EverythingOptions,
  type EverythingProgress,
  type FoundMask,
} from 'samgpu';

import { writeFoundMasks } from '../outputs/write-found-masks.ts';
import type { PictureWork } from '../segment/process-pictures.ts';
import { roundedTimes } from '../segment/rounded-times.ts';
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
    const { own, files } = await writeFoundMasks(
      found.map((each) => ({ mask: each.mask, extras: extras(each) })),
      { ...picture, pixels },
      folder,
      { formats, crop, soften: (mask, how) => image.matte(mask, how) },
    );
    const masks = found.map((each, i) => ({ ...described(each), files: own[i]! }));
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
      times: roundedTimes({
        read: read.duration,
        preprocess: timings.preprocess,
        encode: timings.encode,
        find: written - start,
        write: performance.now() - written,
      }),
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
