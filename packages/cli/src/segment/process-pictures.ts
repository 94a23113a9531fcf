import type { Segmenter } from 'samgpu';

import { errorDetails } from '../error-details.ts';
import type { NamedPicture } from '../inputs/picture.ts';
import { OutputFolder } from '../outputs/output-folder.ts';
import { onExit } from '../terminal/on-exit.ts';
import { loadSegmenter } from './load-segmenter.ts';
import type { PictureFailure } from './picture-result.ts';
import type { PicturePlan } from './plan-segmentation.ts';
import { ReadAhead } from './read-ahead.ts';
import { type ReadPicture, readPicture } from './read-picture.ts';
import type { PictureRequest } from './segment-request.ts';

/** What there is to work with when a picture's turn comes. */
export interface PictureWork {
  readonly segmenter: Segmenter;
  readonly picture: NamedPicture;
  readonly read: ReadPicture;
  readonly folder: OutputFolder;
}

export interface PictureListener<Result> {
  /** The model is ready. */
  readonly onLoad?: ((segmenter: Segmenter) => void) | undefined;
  readonly onOutcome: (outcome: Result | PictureFailure) => void;
  /** Asked after each picture: whether to leave the others. */
  readonly isStopped?: () => boolean;
}

/**
 * Does something with all pictures of a plan. A picture that fails is reported, and the others go
 * on.
 *
 * @throws OutputError `not-writable`, before the model is loaded
 * @throws SegmenterError, OnnxError or WeightsError where the model does not load
 */
export async function processPictures<Result>(
  { pictures, failed }: PicturePlan,
  request: PictureRequest,
  work: (work: PictureWork) => Promise<Result>,
  { onLoad, onOutcome, isStopped = () => false }: PictureListener<Result>,
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
        onOutcome(await work({ segmenter, picture, read: result.value, folder }));
      } catch (error) {
        onOutcome({ file: picture.file, error: errorDetails(error) });
      }
      if (isStopped()) break;
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
