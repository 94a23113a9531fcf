import { type GraphNode, type NodeId } from '@samgpu/graph';
import {
  chooseLinear,
  linear as linearKernel,
  type LinearWeightType,
  packedLinearSize,
  packLinearWeight,
  productVariants,
  wantsPanels,
} from '@samgpu/kernels';

import { matmulKernel } from './matmul-kernel.ts';
import { asIs, floats } from './packing.ts';
import type { Planner } from './planner.ts';
import type { BoundValue, Packing } from './program-plan.ts';
import { rowsOf } from './rows.ts';
import type { StaticTensor } from './static-tensor.ts';

/** What a fusion asks of a product's kernel, and the operand that comes with it. */
export interface Ending {
  readonly options: {
    readonly bias: boolean;
    readonly activation: ReturnType<Planner['fusionOf']>['activation'];
    readonly residual: boolean;
    readonly activationAfterResidual: boolean;
  };
  readonly operands: Readonly<Record<string, BoundValue>>;
}

export function endingOf(node: GraphNode, bias: NodeId | undefined, planner: Planner): Ending {
  const { activation, residual, activationAfterResidual } = planner.fusionOf(node);
  return {
    options: {
      bias: bias !== undefined,
      activation,
      residual: residual !== undefined,
      activationAfterResidual,
    },
    operands: {
      ...(bias === undefined ? {} : { bias: planner.dense(bias) }),
      ...(residual === undefined ? {} : { residual: planner.dense(residual) }),
    },
  };
}

export function linear(node: GraphNode<'linear'>, planner: Planner): void {
  const [input, weight, bias] = node.inputs as [NodeId, NodeId, NodeId?];
  const [outputs, inputs] = planner.node(weight).shape as [number, number];
  const ending = endingOf(node, bias, planner);
  const x = rowsOf(input, planner);
  const left = { offset: x.offset, rowStride: x.rowStride };
  if (!planner.isStatic(weight)) {
    const right = rowsOf(weight, planner);
    const kernel = matmulKernel(
      { rows: x.rows, depth: inputs, columns: outputs },
      {
        ...ending.options,
        left,
        right: { offset: right.offset, rowStride: right.rowStride },
        transposeRight: true,
      },
      planner,
    );
    const operands = { left: x.operand, right: right.operand, ...ending.operands };
    planner.emit(node, kernel, { ...operands, y: planner.result(node) });
    return;
  }
  emitLinear(node, planner, {
    x: x.operand,
    left,
    rows: x.rows,
    weight: planner.static(weight),
    sizes: [outputs, inputs],
    ending,
  });
}

/** A product with a static weight: a linear layer, or a convolution that is one. */
export interface LinearProduct {
  readonly x: BoundValue;
  readonly left: { readonly offset: number; readonly rowStride: number };
  readonly rows: number;
  readonly weight: StaticTensor;
  /** Of the weight as a matrix. */
  readonly sizes: readonly [outputs: number, inputs: number];
  readonly ending: Ending;
}

export function emitLinear(node: GraphNode, planner: Planner, product: LinearProduct): void {
  const { x, left, rows, weight, ending } = product;
  const [outputs, inputs] = product.sizes;
  const stored = weight.quantized?.numbers ?? weight;
  const weightType = weightTypeOf(stored);
  const sizes = { rows, inputs, outputs };
  const device = planner.device.kernels;
  const panels = wantsPanels(outputs, device);
  const kernel = planner.choose({
    kernel: 'linear',
    sizes: { rows, depth: inputs, columns: outputs },
    weights: weightType,
    variants: productVariants(device, weightType === 'f16'),
    usual: chooseLinear(sizes, device, weightType),
    make: (variant) =>
      linearKernel(sizes, { ...ending.options, weightType, panels, x: left, variant }, device),
  });
  const right = planner.upload(stored, linearPacking(weightType, outputs, inputs, panels));
  const scales = weight.quantized?.scales;
  planner.emit(node, kernel, {
    left: x,
    right,
    ...ending.operands,
    ...(scales && { scale: planner.upload(scales, asIs(scales)) }),
    y: planner.result(node),
  });
}

function weightTypeOf({ type }: StaticTensor): LinearWeightType {
  return type === 'f16' || type === 'int8' ? type : 'f32';
}

const WEIGHT_BYTES: Readonly<Record<LinearWeightType, number>> = { f32: 4, f16: 2, int8: 1 };

function linearPacking(
  type: LinearWeightType,
  outputs: number,
  inputs: number,
  panels: boolean,
): Packing {
  const [paddedInputs, paddedOutputs] = packedLinearSize(outputs, inputs, panels);
  return {
    name: `linear ${type} ${outputs}x${inputs}${panels ? ' in panels' : ''}`,
    bytes: paddedInputs * paddedOutputs * WEIGHT_BYTES[type],
    pack: (data) =>
      data.type === 'f16' || data.type === 'int8'
        ? packLinearWeight(data.elements, outputs, inputs, panels)
        : packLinearWeight(floats(data), outputs, inputs, panels),
  };
}
