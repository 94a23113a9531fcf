import { type Graph, type GraphNode, nodeAt, type NodeId } from '@samgpu/graph';
import type { OnnxAttributes } from '../format/messages.ts';
import { type Layout, Layouts, placeOf } from './layouts.ts';
import type { ModelBuilder } from './model-builder.ts';
import { layoutWishes } from './wishes.ts';

/** The result of a lowered node: what it is called, and in which layout it is. */
export interface Lowered {
  readonly name: string;
  readonly layout: Layout;
}

export interface LoweringOptions {
  /** Attention computes scores for as many queries at once as fit into so many bytes. */
  readonly scoreBytes: number;
  /** Whether ONNX Runtime's own operators are written where they are quicker than standard ones. */
  readonly ownOperators: boolean;
}

/** Where ONNX Runtime keeps operators of its own. */
const OWN_DOMAIN = 'com.microsoft';

/** What lowering a node needs to know of the model so far. */
export class Lowering {
  readonly graph: Graph;
  readonly builder: ModelBuilder;
  readonly layouts: Layouts;
  readonly options: LoweringOptions;
  private readonly wishes: readonly ReadonlySet<Layout>[];

  constructor(graph: Graph, builder: ModelBuilder, options: LoweringOptions) {
    this.graph = graph;
    this.builder = builder;
    this.options = options;
    this.layouts = new Layouts(graph, builder);
    this.wishes = layoutWishes(graph);
  }

  /** The node that gives operand `index`. */
  operandNode(node: GraphNode, index: number): GraphNode {
    return nodeAt(this.graph.nodes, operandId(node, index));
  }

  shapeOf(node: GraphNode, index: number): readonly number[] {
    return this.operandNode(node, index).shape;
  }

  /** The name of operand `index` in a layout. */
  operand(node: GraphNode, index: number, layout: Layout = 'traced'): string {
    return this.layouts.name(operandId(node, index), layout);
  }

  operands(node: GraphNode, layout: Layout = 'traced'): string[] {
    return node.inputs.map((id) => this.layouts.name(id, layout));
  }

  /** All operands but the first, as they were traced: the weights of a layer. */
  weights(node: GraphNode): string[] {
    return node.inputs.slice(1).map((id) => this.layouts.name(id, 'traced'));
  }

  /** Writes an ONNX node for a node of the graph and gives the name of its result. */
  emit(
    node: GraphNode,
    operator: string,
    inputs: readonly string[],
    attributes: OnnxAttributes = {},
  ): string {
    return this.builder.node(operator, inputs, placeOf(node), attributes);
  }

  /** The same with an operator of ONNX Runtime's own. */
  emitOwn(
    node: GraphNode,
    operator: string,
    inputs: readonly string[],
    attributes: OnnxAttributes,
  ): string {
    return this.builder.node(operator, inputs, placeOf(node), attributes, OWN_DOMAIN);
  }

  /**
   * In which layout a node that can run in both should run: in one that its computed operands have
   * already, and where that leaves a choice, in the one that its readers want.
   */
  layoutFor(node: GraphNode): Layout {
    if (node.shape.length !== 4) {
      return 'traced';
    }
    const images = node.inputs.filter((id) => {
      const { shape, operation } = nodeAt(this.graph.nodes, id);
      return shape.length === 4 && operation !== 'weight' && operation !== 'constant';
    });
    const missing = (layout: Layout): number =>
      images.filter((id) => !this.layouts.has(id, layout)).length;
    const difference = missing('traced') - missing('channelsFirst');
    if (difference !== 0) {
      return difference > 0 ? 'channelsFirst' : 'traced';
    }
    const wishes = this.wishes[node.id];
    const wanted = wishes?.has('channelsFirst') === true && !wishes.has('traced');
    return wanted && images.length > 0 ? 'channelsFirst' : 'traced';
  }
}

function operandId(node: GraphNode, index: number): NodeId {
  const id = node.inputs[index];
  if (id === undefined) {
    throw new RangeError(`${node.operation} has ${node.inputs.length} operands, not ${index + 1}`);
  }
  return id;
}
