import { type Graph, nodeAt, outputChannelAxes, type WeightManifest } from '@samgpu/graph';
import {
  type DecoderSizes,
  traceDecoder,
  traceEncoder,
  tracePointTo,
  traceRecall,
  traceRemember,
  traceTrack,
  type TrackingVariant,
  type Variant,
} from '@samgpu/variant';

/** The two graphs of a model for pictures, for weights of certain shapes and dtypes. */
export interface TracedModel {
  readonly encoder: Graph;
  readonly decoder: Graph;
}

/** One click, with the padding that most models want. */
const ONE_CLICK: DecoderSizes = { prompts: 1, tokens: 4 };

/** @throws GraphError where the weights are not those of the model */
export function traceModel(
  variant: Variant,
  manifest: WeightManifest,
  sizes: DecoderSizes = ONE_CLICK,
): TracedModel {
  const encoder = traceEncoder(variant, manifest);
  return { encoder, decoder: traceDecoder(variant, manifest, encoder, sizes) };
}

/**
 * Every graph of a model, those for videos too, so that each weight that it has any use for is read.
 *
 * @throws GraphError where the weights are not those of the model
 */
export function traceAll(variant: Variant, manifest: WeightManifest): Graph[] {
  const { encoder, decoder } = traceModel(variant, manifest);
  if (!isTracking(variant)) return [encoder, decoder];
  const source = { variant, manifest, encoder };
  const { frames, pointers } = variant.tracking.memory;
  const recall = traceRecall(source, { objects: 1, frames, pointers });
  const { shape } = nodeAt(recall.nodes, recall.outputs.get('recalled')!);
  return [
    encoder,
    decoder,
    recall,
    traceTrack(source, { objects: 1, tokens: ONE_CLICK.tokens }, shape),
    traceTrack(source, { objects: 1, tokens: ONE_CLICK.tokens }, undefined),
    traceRemember(source, 1),
    tracePointTo(source),
  ];
}

function isTracking(variant: Variant): variant is TrackingVariant {
  return variant.tracking !== undefined;
}

/** The paths of the tensors that a graph reads. */
export function weightsOf({ nodes }: Graph): Set<string> {
  return new Set(
    nodes.flatMap((node) => (node.operation === 'weight' ? [node.attributes.path] : [])),
  );
}

/** The tensors to quantise, with the axes of their channels, on which all graphs that read one agree. */
export function quantizableWeights(graphs: readonly Graph[]): Map<string, number> {
  const agreed = new Map<string, number | undefined>();
  for (const graph of graphs) {
    const axes = outputChannelAxes(graph);
    for (const path of weightsOf(graph)) {
      const axis = axes.get(path);
      agreed.set(path, agreed.has(path) && agreed.get(path) !== axis ? undefined : axis);
    }
  }
  return new Map([...agreed].flatMap(([path, axis]) => (axis === undefined ? [] : [[path, axis]])));
}
