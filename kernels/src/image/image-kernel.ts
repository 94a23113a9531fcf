import type { Kernel } from '../kernel.ts';

/**
 * A kernel for photographs, which come in all sizes: those are no constants of the shader, so that a
 * backend compiles it once, but stand in a buffer.
 */
export interface ImageKernel {
  readonly kernel: Kernel;
  /** Contents of the kernel's binding `parameters`. */
  readonly parameters: Uint32Array<ArrayBuffer>;
}

/** Bits of floats and whole numbers side by side. */
export function packParameters(
  values: readonly (number | { readonly float: number })[],
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(values.length);
  const floats = new Float32Array(words.buffer);
  values.forEach((value, index) => {
    if (typeof value === 'number') words[index] = value;
    else floats[index] = value.float;
  });
  return words;
}

/** One axis of a resampling: every output position is a weighted sum of neighbouring inputs. */
export interface ResamplingTaps {
  /** First input position of each output position. Positions outside are clamped to the ends. */
  readonly first: ArrayLike<number>; // [outputs]
  /** Integers for fixed-point methods, else numbers that add up to 1; zero past those in use. */
  readonly weights: ArrayLike<number>; // [outputs, weights.length / outputs]
}

/** Weights per output position. */
export function tapCount({ first, weights }: ResamplingTaps): number {
  return weights.length / first.length;
}

/**
 * Taps as the kernels of this folder read them.
 *
 * @param type - of the weights: `i32` for fixed-point methods
 * @returns [outputs, 1 + weights]: the first position, then the weights
 */
export function packTaps(taps: ResamplingTaps, type: 'f32' | 'i32'): Int32Array<ArrayBuffer> {
  const { first, weights } = taps;
  const count = tapCount(taps);
  const packed = new Int32Array(first.length * (count + 1));
  const floats = new Float32Array(packed.buffer);
  for (let output = 0; output < first.length; output++) {
    const entry = output * (count + 1);
    packed[entry] = first[output]!;
    for (let tap = 0; tap < count; tap++) {
      const weight = weights[output * count + tap]!;
      if (type === 'i32') packed[entry + 1 + tap] = weight;
      else floats[entry + 1 + tap] = weight;
    }
  }
  return packed;
}
