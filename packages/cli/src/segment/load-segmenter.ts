import type { Segmenter } from 'samgpu';

import { loadVariant } from '../models/registry.ts';
import type { SegmentRequest } from './segment-request.ts';

/** Loads the model that a command asked for. */
export async function loadSegmenter({
  model,
  weights,
  backend,
  threads,
}: Pick<SegmentRequest, 'model' | 'weights' | 'backend' | 'threads'>): Promise<Segmenter> {
  const [{ Segmenter }, variant] = await Promise.all([import('samgpu'), loadVariant(model)]);
  return Segmenter.load(variant, { weights, backend, onnx: { threads } });
}
