/**
 * In which order of axes each value exists.
 *
 * Our images are [n, h, w, c]; ONNX convolves, pools and resizes [n, c, h, w]. A value may exist in
 * either form or in both. An operation asks for the form it needs, and only where that is missing a
 * Transpose is written. Elementwise operations follow the form of what they are given, so that a
 * chain of convolutions and activations has no Transpose inside.
 */
import { elementCount, type Graph, type GraphNode, nodeAt, type NodeId } from '@samgpu/graph';
import type { ModelBuilder } from './model-builder.ts';

/** The graph's own order of axes, or images with channels before height and width. */
export type Layout = 'traced' | 'channelsFirst';

/** Axis i of [n, c, h, w] is axis TO_CHANNELS_FIRST[i] of [n, h, w, c]. */
export const TO_CHANNELS_FIRST: readonly number[] = [0, 3, 1, 2];
export const TO_CHANNELS_LAST: readonly number[] = [0, 2, 3, 1];

/** A list with one entry per axis, in the order of a layout. */
export function inLayout<T>(perAxis: readonly T[], layout: Layout): T[] {
  return layout === 'traced' ? [...perAxis] : TO_CHANNELS_FIRST.map((axis) => perAxis[axis] as T);
}

/** Where an axis of [n, h, w, c] stands in a layout. */
export function axisInLayout(axis: number, layout: Layout): number {
  return layout === 'traced' ? axis : TO_CHANNELS_FIRST.indexOf(axis);
}

export class Layouts {
  private readonly graph: Graph;
  private readonly builder: ModelBuilder;
  private readonly forms = new Map<NodeId, Map<Layout, string>>();

  constructor(graph: Graph, builder: ModelBuilder) {
    this.graph = graph;
    this.builder = builder;
  }

  record(id: NodeId, layout: Layout, name: string): void {
    let forms = this.forms.get(id);
    if (forms === undefined) {
      forms = new Map();
      this.forms.set(id, forms);
    }
    forms.set(layout, name);
  }

  has(id: NodeId, layout: Layout): boolean {
    return this.forms.get(id)?.has(layout) ?? false;
  }

  /**
   * The name of a value in a layout, after writing the node that makes it where it is missing.
   *
   * For broadcasting, a value of fewer than four axes counts as an image with leading axes of size
   * 1; a scalar stays one.
   */
  name(id: NodeId, layout: Layout): string {
    const known = this.forms.get(id)?.get(layout);
    if (known !== undefined) {
      return known;
    }
    const made = layout === 'traced' ? this.toTraced(id) : this.toChannelsFirst(id);
    this.record(id, layout, made);
    return made;
  }

  private toTraced(id: NodeId): string {
    const node = nodeAt(this.graph.nodes, id);
    const shape = inLayout(node.shape, 'channelsFirst');
    return this.reorder(this.name(id, 'channelsFirst'), shape, TO_CHANNELS_LAST, node, 'nhwc');
  }

  private toChannelsFirst(id: NodeId): string {
    const node = nodeAt(this.graph.nodes, id);
    const traced = this.name(id, 'traced');
    if (node.shape.length === 0) {
      return traced;
    }
    const shape = [...new Array<number>(4 - node.shape.length).fill(1), ...node.shape];
    const place = placeOf(node);
    if (node.shape.length < 4 && !movesElements(shape, TO_CHANNELS_FIRST)) {
      const target = inLayout(shape, 'channelsFirst');
      return this.builder.node('Reshape', [traced, this.builder.list(target)], `${place}/nchw`);
    }
    const image =
      node.shape.length === 4
        ? traced
        : this.builder.node('Reshape', [traced, this.builder.list(shape)], `${place}/nhwc`);
    return this.reorder(image, shape, TO_CHANNELS_FIRST, node, 'nchw');
  }

  private reorder(
    name: string,
    shape: readonly number[],
    permutation: readonly number[],
    node: GraphNode,
    suffix: string,
  ): string {
    const place = `${placeOf(node)}/${suffix}`;
    if (movesElements(shape, permutation)) {
      return this.builder.node('Transpose', [name], place, { perm: { integers: permutation } });
    }
    const target = permutation.map((axis) => shape[axis] ?? 1);
    return this.builder.node('Reshape', [name, this.builder.list(target)], place);
  }
}

/** Whether a permutation changes the order of elements, or only where axes of size 1 stand. */
export function movesElements(shape: readonly number[], permutation: readonly number[]): boolean {
  if (elementCount(shape) === 1) {
    return false;
  }
  const kept = permutation.filter((axis) => shape[axis] !== 1);
  return kept.some((axis, index) => index > 0 && axis < (kept[index - 1] ?? 0));
}

/** What the nodes that are written for a node of the graph are called. */
export function placeOf(node: GraphNode): string {
  const own = `${node.operation}_${node.id}`;
  return node.label === '' || node.operation === 'weight' ? own : `${node.label}/${own}`;
}
