import { GraphError } from './graph-error.ts';
import type { DataType, GraphNode, NodeId, OperationName, Operations } from './node.ts';

/** A value that a graph will compute: known by shape and dtype, without elements. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** @internal The recorder that owns it. */
  readonly recorder: Recorder;
  /** @internal Its node there. */
  readonly id: NodeId;
}

export interface TensorSpec {
  readonly shape: readonly number[];
  /** @defaultValue 'f32' */
  readonly dtype?: DataType;
}

/** Collects the nodes of one trace. */
export class Recorder {
  readonly nodes: GraphNode[] = [];

  add<Name extends OperationName>(
    operation: Name,
    operands: readonly Tensor[],
    attributes: Operations[Name],
    shape: readonly number[],
    dtype: DataType = 'f32',
  ): Tensor {
    for (const operand of operands) {
      if (operand.recorder !== this) {
        throw new GraphError(
          operation,
          'operands come from two different traces; use the inputs and weights that this trace handed out',
        );
      }
    }
    const id = this.nodes.length;
    const inputs = operands.map((operand) => operand.id);
    const label = this.labelOf(inputs);
    // The union of node types cannot be built from a generic name without saying so.
    this.nodes.push({ id, operation, inputs, attributes, shape, dtype, label } as GraphNode);
    return { shape, dtype, recorder: this, id };
  }

  // Where weights come in, their path; further on, the path of what was computed last.
  private labelOf(inputs: readonly NodeId[]): string {
    let inherited = '';
    for (const input of inputs) {
      const node = this.nodes[input];
      if (node?.operation === 'weight') {
        return node.attributes.path.replace(/\.(weight|bias)$/, '');
      }
      inherited ||= node?.label ?? '';
    }
    return inherited;
  }
}
