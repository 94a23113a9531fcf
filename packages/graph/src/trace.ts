import { GraphError } from './graph-error.ts';
import type { Graph, GraphNode, NodeId } from './node.ts';
import { expectPositive } from './shape.ts';
import { Recorder, type Tensor, type TensorSpec } from './tensor.ts';
import type { WeightManifest } from './weight-store.ts';
import { Weights } from './weights.ts';

/**
 * Runs `body` once on symbolic tensors and gives the graph of what it did.
 *
 * Nodes that no output needs are left out, inputs excepted: they are the graph's signature.
 *
 * @param name - what the graph is called in messages, files and profiles
 * @param inputs - shape and dtype of every input by name
 * @param manifest - shapes and stored types of the weights by checkpoint path
 * @param body - the model: inputs and weights in, named outputs out
 * @throws GraphError where shapes, dtypes or weights do not fit
 */
export function trace<Inputs extends Record<string, TensorSpec>>(
  name: string,
  inputs: Inputs,
  manifest: WeightManifest,
  body: (
    inputs: { readonly [Name in keyof Inputs]: Tensor },
    weights: Weights,
  ) => Readonly<Record<string, Tensor>>,
): Graph {
  const recorder = new Recorder();
  const handed: Record<string, Tensor> = {};
  for (const [inputName, { shape, dtype = 'f32' }] of Object.entries(inputs)) {
    expectPositive('input', `shape of "${inputName}"`, shape);
    handed[inputName] = recorder.add('input', [], { name: inputName }, [...shape], dtype);
  }
  const outputs = body(
    handed as { readonly [Name in keyof Inputs]: Tensor },
    new Weights(recorder, manifest),
  );
  const entries = Object.entries(outputs);
  if (entries.length === 0) {
    throw new GraphError('trace', `"${name}" has no output`);
  }
  return prune(name, recorder, entries);
}

/** The graph of what some tensors of a recorder need. */
export function prune(
  name: string,
  recorder: Recorder,
  outputs: readonly [string, Tensor][],
): Graph {
  const needed = new Set<NodeId>();
  const pending = outputs.map(([outputName, tensor]) => {
    if (tensor.recorder !== recorder) {
      throw new GraphError('trace', `output "${outputName}" of "${name}" comes from another trace`);
    }
    return tensor.id;
  });
  for (const node of recorder.nodes) {
    if (node.operation === 'input') {
      pending.push(node.id);
    }
  }
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (!needed.has(id)) {
      needed.add(id);
      pending.push(...nodeAt(recorder.nodes, id).inputs);
    }
  }

  const renumbered = new Map<NodeId, NodeId>();
  const position = (id: NodeId): NodeId => renumbered.get(id) ?? 0;
  const nodes: GraphNode[] = [];
  const inputs = new Map<string, NodeId>();
  for (const node of recorder.nodes) {
    if (!needed.has(node.id)) {
      continue;
    }
    const id = nodes.length;
    renumbered.set(node.id, id);
    nodes.push({ ...node, id, inputs: node.inputs.map(position) });
    if (node.operation === 'input') {
      inputs.set(node.attributes.name, id);
    }
  }
  return {
    name,
    nodes,
    inputs,
    outputs: new Map(outputs.map(([outputName, tensor]) => [outputName, position(tensor.id)])),
  };
}

/** The node at a position that is known to be in the graph. */
export function nodeAt(nodes: readonly GraphNode[], id: NodeId): GraphNode {
  const node = nodes[id];
  if (node === undefined) {
    throw new RangeError(`node ${id} does not exist in a graph of ${nodes.length} nodes`);
  }
  return node;
}
