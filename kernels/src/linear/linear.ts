import type { Epilogue } from '../epilogue/epilogue.ts';
import type { Kernel, KernelDevice } from '../kernel.ts';
import { type MatrixView, product, type RightFactor } from '../matmul/product.ts';
import { source as placePanels } from '../matmul/place-panels.wgsl.ts';
import { source as placeRows } from '../matmul/place-rows.wgsl.ts';
import { source as halfPairsRight } from '../matmul/right-half-pairs.wgsl.ts';
import { source as halfRight } from '../matmul/right-half.wgsl.ts';
import { source as int8Right } from '../matmul/right-int8.wgsl.ts';
import { source as rowsRight } from '../matmul/right-rows.wgsl.ts';
import { chooseProduct, type ProductVariant } from '../matmul/variant.ts';
import { specialize } from '../specialize.ts';
import { packedLinearSize, PANEL_COLUMNS } from './pack-linear-weight.ts';

export interface LinearSizes {
  readonly rows: number;
  /** Elements of a row of `x`. */
  readonly inputs: number;
  /** Elements of a row of `y`. */
  readonly outputs: number;
}

/** `f16` runs on every device: natively, or unpacked from pairs where there are no half floats. */
export type LinearWeightType = 'f32' | 'f16' | 'int8';

export interface LinearOptions extends Epilogue {
  /** By default `f32`. */
  readonly weightType?: LinearWeightType;
  /** Where the rows of `x` lie. By default dense from the start of its buffer. */
  readonly x?: Pick<MatrixView, 'offset' | 'rowStride'>;
  /** Where the packed weight begins in its buffer, in elements: a multiple of 4. By default 0. */
  readonly weightOffset?: number;
  /** Whether the weight is packed in panels. By default not. */
  readonly panels?: boolean;
  /** By default what {@link chooseLinear} says. */
  readonly variant?: ProductVariant;
}

/** The variant that is likely to be the quickest. */
export function chooseLinear(
  sizes: LinearSizes,
  device: KernelDevice,
  weightType: LinearWeightType = 'f32',
): ProductVariant {
  const { rows, inputs, outputs } = sizes;
  return chooseProduct({ rows, depth: inputs, columns: outputs }, device, weightType === 'f16');
}

/**
 * `y = x · weightᵀ + bias`, with an activation and a residual if they are asked for.
 *
 * Bindings: `left` (x) [rows, inputs] f32, `right` the weight as `packLinearWeight` gives it, `y`
 * [rows, outputs] f32, then, if they are asked for, `bias` [outputs] f32, `residual` [rows, outputs]
 * f32 and, with int8 weights, `scale` as `quantizeLinearWeight` gives it. Sums are f32 always; factors too, but for
 * the subgroup-matrix variant with f16 weights.
 *
 * @throws ProductError for sizes that are not positive, and for grids that no device runs
 */
export function linear(sizes: LinearSizes, options: LinearOptions, device: KernelDevice): Kernel {
  const { rows, inputs, outputs } = sizes;
  const { x = {}, variant = chooseLinear(sizes, device, options.weightType) } = options;
  const right = rightFactor(sizes, options, device);
  const shape = { batch: 1, inner: 1, rows, depth: inputs, columns: outputs };
  return product({ name: 'linear', ...shape, left: x, right, variant, epilogue: options }, device);
}

/** How a product reads a weight that `packLinearWeight` gave, or one packed alike. */
export function rightFactor(
  { inputs, outputs }: LinearSizes,
  { weightType = 'f32', weightOffset = 0, panels = false }: LinearOptions,
  { float16 }: KernelDevice,
): RightFactor {
  const [paddedInputs, paddedOutputs] = packedLinearSize(outputs, inputs, panels);
  const elements = weightOffset + paddedInputs * paddedOutputs;
  const place = panels ? placePanels : placeRows;
  const constants = {
    RIGHT_OFFSET: weightOffset,
    ...(panels
      ? { RIGHT_PANEL_STRIDE: paddedInputs * PANEL_COLUMNS }
      : { RIGHT_ROW_STRIDE: paddedOutputs }),
  };
  const binding = (bytesPerElement: number): RightFactor['binding'] => ({
    name: 'right',
    access: 'read',
    bytes: elements * bytesPerElement,
  });
  if (weightType === 'int8') {
    const source = `${int8Right}\n${place}`;
    return { source, constants, binding: binding(1), scaled: true };
  }
  if (weightType === 'f32') {
    const dense = { RIGHT_BATCH_STRIDE: 0, RIGHT_OUTER_STRIDE: 0 };
    const source = `${rowsRight}\n${place}`;
    return { source, constants: { ...constants, ...dense }, binding: binding(4) };
  }
  if (!float16) {
    const source = `${halfPairsRight}\n${place}`;
    return { source, constants, binding: binding(2), half: true };
  }
  // `product` enables the extension, at the head of the linked shader.
  const native = specialize(halfRight, { types: { Stored: 'vec4<f16>' } });
  const source = `${native.replace('enable f16;\n', '')}\n${place}`;
  const features = ['shader-f16'];
  return { source, constants, binding: binding(2), half: true, features };
}
