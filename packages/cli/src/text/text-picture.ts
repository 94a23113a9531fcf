import { COCO_CATEGORY, type CocoCategory } from '@samgpu/document';
import type { Grounder, TextMask, TextProgress } from 'samgpu';

import { writeFoundMasks } from '../outputs/write-found-masks.ts';
import type { PictureWork } from '../segment/process-pictures.ts';
import { roundedTimes } from '../segment/rounded-times.ts';
import type { TextRequest } from './text-request.ts';
import type { TextResult } from './text-result.ts';

/** Finds what words name in one picture, and writes it. */
export async function textPicture(
  { segmenter, picture, read, folder }: PictureWork,
  { words, minScore, maxObjects, formats, crop }: TextRequest,
  grounder: Grounder,
  onProgress: (progress: TextProgress) => void,
): Promise<TextResult> {
  const { pixels } = read;
  using image = await segmenter.encode(pixels);
  const { masks: found, timings } = await image.segmentText(words, {
    grounder,
    onProgress,
    ...(minScore !== undefined && { minScore }),
    ...(maxObjects !== undefined && { maxObjects }),
  });
  const written = performance.now();
  const categories = categoriesOf(found);
  const { own, files } = await writeFoundMasks(
    found.map(({ mask, label }) => ({
      mask,
      extras: { category: categories.find(({ name }) => name === label)!.id },
    })),
    { ...picture, pixels },
    folder,
    {
      formats,
      crop,
      soften: (mask, how) => image.matte(mask, how),
      ...(categories.length > 0 && { categories }),
    },
  );
  const { width, height, timings: encoding } = image;
  return {
    file: picture.file,
    words,
    width,
    height,
    model: segmenter.variant.name,
    backend: segmenter.backend,
    times: roundedTimes({
      read: read.duration,
      preprocess: encoding.preprocess,
      encode: encoding.encode,
      ground: timings.ground,
      segment: timings.segment,
      write: performance.now() - written,
    }),
    masks: found.map(({ mask, label, boxScore, box, score }, i) => ({
      label,
      boxScore,
      box,
      score,
      bounds: mask.bounds,
      area: mask.area,
      rle: mask.toRle({ compressed: true }),
      files: own[i]!,
    })),
    files,
  };
}

/** The labels that were found, in their order. */
function categoriesOf(found: readonly TextMask[]): CocoCategory[] {
  const names = [...new Set(found.map(({ label }) => label))];
  return names.map((name, i) => ({ id: COCO_CATEGORY + i, name }));
}
