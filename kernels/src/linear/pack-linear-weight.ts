/** Elements of a packed weight: inputs and outputs, both padded to multiples of 4. */
export function packedLinearSize(outputs: number, inputs: number): [number, number] {
  return [Math.ceil(inputs / 4) * 4, Math.ceil(outputs / 4) * 4];
}

type WeightArray = Float32Array | Uint16Array | Int8Array;

/**
 * A linear layer's weight as the kernel reads it: transposed, and padded with zeros to multiples of
 * 4, so that neighbouring outputs lie side by side.
 *
 * @param weight - [outputs, inputs], as checkpoints have it: f32, the bits of f16, or int8
 * @returns [inputs, outputs], padded, of the same type
 * @throws RangeError if the weight does not have that many elements
 */
export function packLinearWeight<Weight extends WeightArray>(
  weight: Weight,
  outputs: number,
  inputs: number,
): Weight {
  if (weight.length !== outputs * inputs) {
    throw new RangeError(
      `a weight of [${outputs}, ${inputs}] has ${outputs * inputs} elements, got ${weight.length}`,
    );
  }
  const [paddedInputs, paddedOutputs] = packedLinearSize(outputs, inputs);
  const Type = weight.constructor as new (length: number) => Weight;
  const packed = new Type(paddedInputs * paddedOutputs);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      packed[input * paddedOutputs + output] = weight[output * inputs + input]!;
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
