import type { Segmenter } from 'samgpu';

import { errorDetails } from '../error-details.ts';
import { OutputFolder } from '../outputs/output-folder.ts';
import { onExit } from '../terminal/on-exit.ts';
import { loadSegmenter } from './load-segmenter.ts';
import type { PictureOutcome } from './picture-result.ts';
import type { SegmentationPlan } from './plan-segmentation.ts';
import { ReadAhead } from './read-ahead.ts';
import { readPicture } from './read-picture.ts';
import { segmentPicture } from './segment-picture.ts';
import type { SegmentRequest } from './segment-request.ts';

export interface SegmentListener {
  /** The model is ready. */
  readonly onLoad?: (segmenter: Segmenter) => void;
  readonly onOutcome: (outcome: PictureOutcome) => void;
}

/**
 * Segments all pictures of a plan. A picture that fails is reported, and the others go on.
 *
 * @throws OutputError `not-writable`, before the model is loaded
 * @throws SegmenterError, OnnxError or WeightsError where the model does not load
 */
export async function segmentPictures(
  { pictures, failed, prompts }: SegmentationPlan,
  request: SegmentRequest,
  { onLoad, onOutcome }: SegmentListener,
): Promise<void> {
  for (const { file, error } of failed) onOutcome({ file, error: errorDetails(error) });
  if (pictures.length === 0) return;
  const folder = await OutputFolder.open(
    request.output,
    pictures.map(({ file }) => file),
  );
  const release = onExit(() => folder.close());
  let segmenter: Segmenter | undefined;
  try {
    await prepareSharp(request.threads);
    const reader = new ReadAhead(pictures, (picture) => readPicture(picture, request.maxPixels));
    reader.start();
    segmenter = await loadSegmenter(request);
    onLoad?.(segmenter);
    for await (const [picture, result] of reader) {
      try {
        if ('error' in result) throw result.error;
        const objects = prompts.objectsIn(picture);
        onOutcome(await segmentPicture(segmenter, picture, result.value, objects, folder, request));
      } catch (error) {
        onOutcome({ file: picture.file, error: errorDetails(error) });
      }
    }
  } finally {
    segmenter?.dispose();
    folder.close();
    release();
  }
}

// Each picture is read once, so a cache of decoded ones would only take memory.
async function prepareSharp(threads: number | undefined): Promise<void> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  if (threads !== undefined) sharp.concurrency(threads);
}
