import type { Graph, WeightStore } from '@samgpu/graph';
import { initializerBytes } from './initializer.ts';
import type { ModelPlan, PiecedFile } from './model-plan.ts';
import { type ExportOptions, planGraph } from './plan-graph.ts';

/** A model in the ONNX format: IR version 8, operator set 17, fixed shapes. */
export interface OnnxModel {
  /** The ModelProto, which is what a `.onnx` file holds. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The files that hold weights which do not stand in the model itself: none, or one. */
  readonly externalData: readonly ExternalData[];
  /**
   * What the graph's outputs are called in the model: their own name, but for an output that is
   * called like an input, which ONNX does not allow. Inputs keep their names.
   */
  readonly outputNames: ReadonlyMap<string, string>;
}

export interface ExternalData {
  /** Its path as the model names it, relative to the model. */
  readonly location: string;
  readonly byteLength: number;
  /** The file from front to back, one weight at a time. Chunks may be views: do not write to them. */
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Writes a graph and its weights as an ONNX model.
 *
 * Weights keep the type they are stored in, and the model casts them to f32; f64 is written as f32.
 * Only standard operators are used.
 *
 * @throws OnnxError with code `weights` where a weight is missing or does not fit the graph
 */
export async function exportOnnx(
  graph: Graph,
  weights: WeightStore,
  options: ExportOptions = {},
): Promise<OnnxModel> {
  const { outputNames, ...plan } = planGraph(graph, weights, options);
  return { ...(await readPlan(plan, weights)), outputNames };
}

/** Reads what the model itself holds; other files are read when asked for. */
export async function readPlan(
  { model, external }: ModelPlan,
  weights: WeightStore,
): Promise<Omit<OnnxModel, 'outputNames'>> {
  const bytes = new Uint8Array(model.byteLength);
  let offset = 0;
  for await (const chunk of readPieces(model, weights)) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  const externalData = external.map((file) => ({
    location: file.location,
    byteLength: file.byteLength,
    read: () => readPieces(file, weights),
  }));
  return { bytes, externalData };
}

/** The bytes of a file, one piece in memory at a time. */
export async function* readPieces(
  file: PiecedFile,
  weights: WeightStore,
): AsyncGenerator<Uint8Array> {
  for (const piece of file.pieces) {
    yield piece instanceof Uint8Array ? piece : await initializerBytes(piece, weights);
  }
}
