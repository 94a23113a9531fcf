import { answerRule } from '@samgpu/variant';
import type { Segmenter } from 'samgpu';

import { loadVariant } from '../models/registry.ts';
import { LoadProgress } from '../terminal/load-progress.ts';
import { onExit } from '../terminal/on-exit.ts';
import type { SegmentRequest } from './segment-request.ts';

/** Loads the model that a command asked for. */
export async function loadSegmenter({
  model,
  weights,
  backend,
  threads,
  multimask = false,
  mode,
}: Pick<SegmentRequest, 'model' | 'backend'> &
  Partial<Pick<SegmentRequest, 'weights' | 'threads' | 'multimask' | 'mode'>>): Promise<Segmenter> {
  const [{ Segmenter }, variant] = await Promise.all([import('samgpu'), loadVariant(model)]);
  // A mode that it does not have is told before anything is downloaded.
  answerRule(variant, { count: multimask ? 'multiple' : 'single', mode });
  const progress = new LoadProgress(process.stderr, model);
  const release = onExit(() => progress.close());
  try {
    return await Segmenter.load(variant, {
      weights,
      backend,
      onnx: { threads },
      onProgress: progress.update,
      onWarning: ({ message }) => progress.warn(message),
    });
  } finally {
    progress.close();
    release();
  }
}
