import {
  composites,
  type Graph,
  nodeAt,
  optimize,
  rewrite,
  weightMismatch,
  type WeightStore,
} from '@samgpu/graph';
import { ELEMENT_OF_DATA } from '../format/element-type.ts';
import type { OnnxNode, OnnxValueInfo } from '../format/messages.ts';
import { OnnxError } from '../onnx-error.ts';
import { lower } from './lower.ts';
import { Lowering } from './lowering.ts';
import { ModelBuilder } from './model-builder.ts';
import { type ModelContent, type ModelPlan, planModel } from './model-plan.ts';

export interface ExportOptions {
  /**
   * Puts weights into a second file. Protobuf ends at 2 GiB, so it is needed beyond.
   *
   * @defaultValue whether the model would be larger than 1.9 GB
   */
  readonly externalData?: boolean | undefined;
  /**
   * Path of the second file as the model names it, relative to the model.
   *
   * @defaultValue the graph's name with `.onnx.data`
   */
  readonly externalLocation?: string | undefined;
  /**
   * Bytes that the scores of one attention may take. Where they would take more, queries are
   * attended in several parts; runtimes that have a fused attention find it in the whole form only.
   *
   * @defaultValue no limit
   */
  readonly scoreBytes?: number | undefined;
  /** Notes to keep in the model, such as its licence. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface GraphPlan extends ModelPlan {
  /** What the outputs of the graph are called in the model. */
  readonly outputNames: ReadonlyMap<string, string>;
}

const LARGEST_EMBEDDED = 1.9e9;

/**
 * Translates a graph and lays out the file, without reading a weight.
 *
 * @throws OnnxError with code `weights` where `weights` lacks one or has it in another shape
 */
export function planGraph(graph: Graph, weights: WeightStore, options: ExportOptions): GraphPlan {
  const { content, outputNames } = translateGraph(graph, weights, options);
  const embedded = planModel(content);
  const external = options.externalData ?? embedded.model.byteLength > LARGEST_EMBEDDED;
  const location = options.externalLocation ?? `${fileName(graph.name)}.onnx.data`;
  return { ...(external ? planModel(content, () => location) : embedded), outputNames };
}

export interface TranslationOptions extends Pick<ExportOptions, 'scoreBytes' | 'metadata'> {
  /** See `LoweringOptions`. @defaultValue false */
  readonly ownOperators?: boolean;
}

/** The content of the model, whose layout as a file is still open. */
export function translateGraph(
  traced: Graph,
  weights: WeightStore,
  options: TranslationOptions,
): { content: ModelContent; outputNames: ReadonlyMap<string, string> } {
  const { scoreBytes = Number.POSITIVE_INFINITY, ownOperators = false, metadata = {} } = options;
  const { rotary: _standard, ...others } = composites;
  const graph = rewrite(optimize(traced), ownOperators ? others : composites);
  checkWeights(graph, weights);
  const builder = new ModelBuilder();
  for (const name of graph.inputs.keys()) {
    builder.valueName(name);
  }
  // Reserved before anything else is named, so that an output gets another name only where an
  // input has the same.
  const outputNames = new Map(
    [...graph.outputs.keys()].map((name) => [name, builder.valueName(name)]),
  );
  const lowering = new Lowering(graph, builder, { scoreBytes, ownOperators });
  lower(graph, lowering);
  const nodes = nameOutputs(graph, lowering, outputNames);
  const content: ModelContent = {
    name: graph.name,
    nodes,
    initializers: builder.initializers,
    inputs: [...graph.inputs].map(([name, id]) => valueInfo(graph, name, id)),
    outputs: [...graph.outputs].map(([name, id]) =>
      valueInfo(graph, outputNames.get(name) ?? name, id),
    ),
    metadata,
  };
  return { content, outputNames };
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'model';
}

function valueInfo(graph: Graph, name: string, id: number): OnnxValueInfo {
  const { shape, dtype } = nodeAt(graph.nodes, id);
  return { name, shape, elementType: ELEMENT_OF_DATA[dtype] };
}

/**
 * Gives the values that leave the graph their names: by renaming the result of a node, or by
 * Identity for what is no result of a node, or leaves twice.
 */
function nameOutputs(
  graph: Graph,
  lowering: Lowering,
  outputNames: ReadonlyMap<string, string>,
): OnnxNode[] {
  const { builder, layouts } = lowering;
  const wanted = [...graph.outputs].map(
    ([name, id]) => [layouts.name(id, 'traced'), outputNames.get(name) ?? name] as const,
  );
  const made = new Set(builder.nodes.flatMap(({ outputs }) => outputs));
  const renamed = new Map<string, string>();
  for (const [value, output] of wanted) {
    if (made.has(value) && !renamed.has(value)) {
      renamed.set(value, output);
    } else {
      builder.nodeInto('Identity', [value], output);
    }
  }
  const rename = (name: string): string => renamed.get(name) ?? name;
  return builder.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
}

function checkWeights(graph: Graph, weights: WeightStore): void {
  const mismatch = weightMismatch(graph, weights);
  if (mismatch !== undefined) {
    throw new OnnxError('weights', mismatch);
  }
}
