import type { KernelDevice } from '../kernel.ts';

/** Outputs that lie side by side in a panel. */
export const PANEL_COLUMNS: number = 32;

/**
 * Elements of a packed weight: inputs, padded to a multiple of 4, and outputs, padded to a multiple of
 * 4 or, in panels, of 32.
 */
export function packedLinearSize(
  outputs: number,
  inputs: number,
  panels = false,
): [number, number] {
  const unit = panels ? PANEL_COLUMNS : 4;
  return [Math.ceil(inputs / 4) * 4, Math.ceil(outputs / unit) * unit];
}

/**
 * Whether a weight is better packed in panels: for CPUs, which read memory from front to back much
 * quicker than in steps of whole rows. Of a single panel the rows are as dense.
 */
export function wantsPanels(outputs: number, { software }: KernelDevice): boolean {
  return software && outputs > PANEL_COLUMNS;
}

type WeightArray = Float32Array | Uint16Array | Int8Array;

/**
 * A linear layer's weight as the kernel reads it: transposed, and padded with zeros to multiples of
 * 4, so that neighbouring outputs lie side by side.
 *
 * @param weight - [outputs, inputs], as checkpoints have it: f32, the bits of f16, or int8
 * @param panels - cut into panels of 32 outputs, one behind the other. By default not
 * @returns [inputs, outputs], or [outputs / 32, inputs, 32], padded, of the same type
 * @throws RangeError if the weight does not have that many elements
 */
export function packLinearWeight<Weight extends WeightArray>(
  weight: Weight,
  outputs: number,
  inputs: number,
  panels = false,
): Weight {
  if (weight.length !== outputs * inputs) {
    throw new RangeError(
      `a weight of [${outputs}, ${inputs}] has ${outputs * inputs} elements, got ${weight.length}`,
    );
  }
  const [paddedInputs, paddedOutputs] = packedLinearSize(outputs, inputs, panels);
  const width = panels ? PANEL_COLUMNS : paddedOutputs;
  const Type = weight.constructor as new (length: number) => Weight;
  const packed = new Type(paddedInputs * paddedOutputs);
  for (let output = 0; output < outputs; output++) {
    const column = output % width;
    const start = (output - column) * paddedInputs + column;
    for (let input = 0; input < inputs; input++) {
      packed[start + input * width] = weight[output * inputs + input]!;
    }
  }
  return packed;
}

export interface QuantizedWeight {
  /** [outputs, inputs], from -127 to 127. */
  readonly values: Int8Array<ArrayBuffer>;
  /** [outputs], padded with zeros to a multiple of 4: `weight ≈ values * scale`. */
  readonly scale: Float32Array<ArrayBuffer>;
}

/** Rounds each row of a weight to 8 bits, with the scale that its largest element needs. */
export function quantizeLinearWeight(
  weight: Float32Array,
  outputs: number,
  inputs: number,
): QuantizedWeight {
  const values = new Int8Array(outputs * inputs);
  const scale = new Float32Array(Math.ceil(outputs / 4) * 4);
  for (let output = 0; output < outputs; output++) {
    const row = weight.subarray(output * inputs, (output + 1) * inputs);
    const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest === 0) continue;
    scale[output] = largest / 127;
    row.forEach((value, input) => {
      values[output * inputs + input] = Math.round((value / largest) * 127);
    });
  }
  return { values, scale };
}
