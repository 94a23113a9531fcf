import type { Graph, Program } from '@samgpu/graph';
import { type FramePrompt, traceEncoder, type Variant } from '@samgpu/variant';
import type { OpenWeights } from '@samgpu/weights';

import { type ChosenBackend, onnxInstead } from './choose-backend.ts';
import { DecoderPool } from './decoder-pool.ts';
import { isNoRoom } from './no-room.ts';
import { sizesFor } from './prompt-batch.ts';
import type { SegmenterOptions } from './segmenter.ts';

/** A model that is ready to run on a backend. */
export interface CompiledModel extends ChosenBackend {
  readonly encoder: Program;
  readonly decoders: DecoderPool;
}

const A_CLICK: FramePrompt = { points: [{ x: 0, y: 0, label: 'include' }] };

/**
 * Compiles encoder and first decoder. Where nobody insists on the GPU and it has no room for them,
 * they go to ONNX Runtime. Whatever fails, the backend that was chosen is disposed of.
 */
export async function compileModel(
  chosen: ChosenBackend,
  variant: Variant,
  weights: OpenWeights,
  options: SegmenterOptions,
): Promise<CompiledModel> {
  try {
    return await compileOn(chosen, variant, weights, options);
  } catch (error) {
    chosen.backend.dispose();
    const { backend = 'auto', imageProcessing, onnx, onWarning } = options;
    const insists = backend !== 'auto' || imageProcessing === 'device';
    if (insists || chosen.info.kind !== 'webgpu' || !isNoRoom(error)) {
      throw error;
    }
    const why = `${chosen.info.description} has no room for ${variant.title}: ${error.message}`;
    onWarning?.({ code: 'onnx-instead', message: `ONNX Runtime is used, because ${why}` });
    const instead = await onnxInstead(onnx, why);
    try {
      return await compileOn(instead, variant, weights, options);
    } catch (failure) {
      instead.backend.dispose();
      throw failure;
    }
  }
}

async function compileOn(
  chosen: ChosenBackend,
  variant: Variant,
  weights: OpenWeights,
  { signal, onProgress, onWarning }: SegmenterOptions,
): Promise<CompiledModel> {
  const { backend } = chosen;
  const graph: Graph = traceEncoder(variant, weights.tensors);
  const decoders = new DecoderPool(variant, weights, graph, backend, onWarning);
  onProgress?.({ stage: 'compile', loaded: 0, total: 2 });
  let compiled = 0;
  const step = (): void => {
    compiled += 1;
    onProgress?.({ stage: 'compile', loaded: compiled, total: 2 });
  };
  const [encoder] = await Promise.all([
    backend.compile(graph, weights, { signal }).then((program) => {
      step();
      return program;
    }),
    // A single click is what comes first in most programs.
    decoders.prepare(sizesFor([variant.tokens(A_CLICK)])).then(step),
  ]);
  signal?.throwIfAborted();
  return { ...chosen, encoder, decoders };
}
