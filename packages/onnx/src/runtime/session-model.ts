import type { Graph, WeightStore } from '@samgpu/graph';
import { readPieces, readPlan } from '../export/export-onnx.ts';
import { type ModelPlan, planModel } from '../export/model-plan.ts';
import { translateGraph } from '../export/plan-graph.ts';
import type { OrtSessionOptions } from './ort.ts';

/** What holds for every session. */
export const SESSION_OPTIONS: OrtSessionOptions = {
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  // One block for all values of a run: in our models it takes more memory than the arena alone,
  // and no less time.
  enableMemPattern: false,
  extra: {
    // Threads that spin while they wait take the cores away from everyone else.
    session: {
      intra_op: { allow_spinning: '0' },
      // Quantised weights are made floats once, when a session is made, and not again in each run.
      disable_quant_qdq: '1',
    },
    // Its kernel takes four times as long as the Add and the LayerNormalization it replaces.
    optimization: { disable_specified_optimizers: 'SkipLayerNormFusion' },
  },
};

/**
 * Scores of one attention at a time. ONNX Runtime writes them all to memory, 800 MB for 4096 tokens
 * and 12 heads; in parts of this size that attention takes a tenth more time.
 */
const SCORE_BYTES = 2 ** 26;

/** Larger models are handed over weight by weight, so that the heap of WebAssembly holds them once. */
const LARGEST_EMBEDDED = 2 ** 26;

export interface SessionModel {
  readonly bytes: Uint8Array;
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
  readonly outputNames: ReadonlyMap<string, string>;
}

/** A graph as a session takes it: the model, and its larger weights beside it in memory. */
export async function sessionModel(graph: Graph, weights: WeightStore): Promise<SessionModel> {
  const { content, outputNames } = translateGraph(graph, weights, { scoreBytes: SCORE_BYTES });
  const embedded = planModel(content);
  const plan: ModelPlan =
    embedded.model.byteLength <= LARGEST_EMBEDDED
      ? embedded
      : planModel(content, (_, index) => `weight-${index}`);
  const { bytes } = await readPlan(plan, weights);
  const externalData: { path: string; data: Uint8Array }[] = [];
  for (const file of plan.external) {
    for await (const data of readPieces(file, weights)) {
      externalData.push({ path: file.location, data });
    }
  }
  return { bytes, externalData, outputNames };
}
