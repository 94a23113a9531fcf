// Resizing along one axis is a sparse matrix: each output sample is a weighted sum of a few
// neighbouring input samples, its taps. Two resizings after one another are the product of two such
// matrices, again with few taps, so an official "resize, crop, resize" costs no more than one pass.

/** One axis of a resampling: `output[i] = sum over k of weights[i * count + k] * input[first[i] + k]`. */
export interface Taps {
  /** Number of output samples. */
  readonly length: number;
  /** Taps per output sample; `first[i] + count` never passes the input's end. */
  readonly count: number;
  readonly first: Int32Array; // [length]
  readonly weights: Float64Array; // [length, count]
}

/** A tap list before packing: input indices, each with its weight. */
type TapList = Map<number, number>;

/**
 * Where output sample `index` lies in the input, with half-pixel centres (`align_corners=False`).
 *
 * PyTorch keeps the scale as f32 and the rest wider. Followed here, because an exact scale moves
 * samples near the far end by 5e-5 pixels, more than all other rounding together.
 */
function sourcePosition(index: number, input: number, output: number): number {
  return Math.fround(input / output) * (index + 0.5) - 0.5;
}

/** Linear interpolation between half-pixel centres, the ends repeated; no antialiasing. */
export function bilinearTaps(input: number, output: number): Taps {
  return pack(output, input, (index) => {
    const position = Math.max(0, sourcePosition(index, input, output));
    const low = Math.min(Math.floor(position), input - 1);
    const high = Math.min(low + 1, input - 1);
    const fraction = position - low;
    return tapList([low, high], [1 - fraction, fraction]);
  });
}

/** PyTorch's bicubic convolution (a = -0.75), the ends repeated; no antialiasing. */
export function bicubicTaps(input: number, output: number): Taps {
  return pack(output, input, (index) => {
    const position = sourcePosition(index, input, output);
    const base = Math.floor(position);
    const fraction = position - base;
    const indices: number[] = [];
    const weights: number[] = [];
    for (let k = -1; k <= 2; k++) {
      indices.push(Math.min(Math.max(base + k, 0), input - 1));
      weights.push(cubicWeight(Math.abs(k - fraction)));
    }
    return tapList(indices, weights);
  });
}

/** Keys' cubic convolution kernel (1981) with the parameter that PyTorch and OpenCV use. */
function cubicWeight(distance: number): number {
  const a = -0.75;
  const d = distance;
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return ((d - 5) * d + 8) * d * a - 4 * a;
  return 0;
}

/**
 * `second` after `first`, as one operator.
 *
 * `second` may read fewer samples than `first` yields, as it does when the padding of a model frame
 * is cropped away in between.
 *
 * @param input - number of samples that `first` reads
 */
export function composeTaps(first: Taps, second: Taps, input: number): Taps {
  return pack(second.length, input, (index) => {
    const taps: TapList = new Map();
    for (let k = 0; k < second.count; k++) {
      const outer = second.weights[index * second.count + k]!;
      if (outer === 0) continue;
      const between = second.first[index]! + k;
      for (let j = 0; j < first.count; j++) {
        const weight = outer * first.weights[between * first.count + j]!;
        if (weight !== 0) addTap(taps, first.first[between]! + j, weight);
      }
    }
    return taps;
  });
}

function tapList(indices: readonly number[], weights: readonly number[]): TapList {
  const taps: TapList = new Map();
  for (let k = 0; k < indices.length; k++) addTap(taps, indices[k]!, weights[k]!);
  return taps;
}

function addTap(taps: TapList, index: number, weight: number): void {
  taps.set(index, (taps.get(index) ?? 0) + weight);
}

function pack(length: number, input: number, tapsOf: (index: number) => TapList): Taps {
  const lists: TapList[] = [];
  let count = 1;
  for (let i = 0; i < length; i++) {
    const taps = tapsOf(i);
    const indices = [...taps.keys()];
    count = Math.max(count, Math.max(...indices) - Math.min(...indices) + 1);
    lists.push(taps);
  }
  const first = new Int32Array(length);
  const weights = new Float64Array(length * count);
  for (const [i, taps] of lists.entries()) {
    const start = Math.min(Math.min(...taps.keys()), input - count);
    first[i] = start;
    for (const [index, weight] of taps) weights[i * count + index - start] = weight;
  }
  return { length, count, first, weights };
}

/** Starts of the runs of output samples that share their taps, with the end appended. */
export function stretchesOf({ length, first }: Taps): Int32Array {
  const starts: number[] = [];
  for (let i = 0; i < length; i++) if (i === 0 || first[i] !== first[i - 1]) starts.push(i);
  starts.push(length);
  return Int32Array.from(starts);
}
