import {
  type Mask,
  type Prompt,
  type Segmenter,
  type Size,
  validateBox,
  validatePoint,
} from 'samgpu';

import type { DescribedObject } from '../arguments/described-object.ts';
import type { NamedPicture } from '../inputs/picture.ts';
import type { OutputFolder } from '../outputs/output-folder.ts';
import { MaskWriter } from '../outputs/write-masks.ts';
import { readPromptMask } from '../prompts/read-prompt-mask.ts';
import type { MaskResult, PictureResult } from './picture-result.ts';
import type { ReadPicture } from './read-picture.ts';
import type { SegmentRequest } from './segment-request.ts';
import { roundedTimes } from './rounded-times.ts';

/** Segments all objects of one picture and writes their masks. */
export async function segmentPicture(
  segmenter: Segmenter,
  picture: NamedPicture,
  { pixels, duration }: ReadPicture,
  objects: readonly DescribedObject[],
  folder: OutputFolder,
  request: SegmentRequest,
): Promise<PictureResult> {
  const prompts = await Promise.all(objects.map((object) => promptOf(object, pixels)));
  const image = await segmenter.encode(pixels);
  try {
    const { multimask, mode, connected, formats, crop, edges } = request;
    const { width, height } = image;
    const times = { ...image.timings, read: duration, decode: 0, masks: 0, write: 0 };
    const writer = new MaskWriter(folder, picture.stem, {
      formats,
      crop,
      edges,
      pixels,
      soften: (mask, options) => image.matte(mask, options),
    });
    const masks: MaskResult[] = [];
    // One object at a time: masks have the size of the picture, and there may be many.
    for (const [i, prompt] of prompts.entries()) {
      const segmentation = await image.segment(prompt, {
        multimask,
        connected,
        ...(mode !== undefined && { mode }),
      });
      times.decode += segmentation.timings.decode;
      times.masks += segmentation.timings.masks;
      const start = performance.now();
      for (const [j, mask] of segmentation.masks.entries()) {
        const files = await writer.add(mask);
        masks.push({ object: i + 1, alternative: j + 1, ...describe(mask), files });
      }
      times.write += performance.now() - start;
    }
    const start = performance.now();
    const shared = await writer.finish(picture.file, { width, height });
    times.write += performance.now() - start;
    return {
      file: picture.file,
      width,
      height,
      model: segmenter.variant.name,
      backend: segmenter.backend,
      times: roundedTimes(times),
      masks: masks.map((mask) => ({ ...mask, files: { ...mask.files, ...shared } })),
    };
  } finally {
    image.dispose();
  }
}

// Everything is checked before the first mask is written: a picture succeeds or fails as a whole.
async function promptOf({ points, box, maskFile }: DescribedObject, size: Size): Promise<Prompt> {
  return {
    points: points.map((point) => validatePoint(point, size)),
    ...(box !== undefined && { box: validateBox(box, size) }),
    ...(maskFile !== undefined && { mask: await readPromptMask(maskFile, size) }),
  };
}

function describe(mask: Mask): Omit<MaskResult, 'object' | 'alternative' | 'files'> {
  const { score, stability, bounds, area } = mask;
  return { score, stability, bounds, area, rle: mask.toRle({ compressed: true }) };
}
