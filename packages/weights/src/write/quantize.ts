/** Largest magnitude of a number: -128 is left out, so that the range is symmetric. */
const LARGEST = 127;

/**
 * One scale per channel: its largest magnitude, over 127. That of a channel of zeros is 1.
 *
 * @param axis - along which the channels lie
 */
export function channelScales(
  values: Float32Array,
  shape: readonly number[],
  axis: number,
): Float32Array {
  const scales = new Float32Array(shape[axis] ?? 0);
  forEachChannel(values.length, shape, axis, (channel, begin, end) => {
    let largest = scales[channel]!;
    for (let i = begin; i < end; i++) {
      largest = Math.max(largest, Math.abs(values[i]!));
    }
    scales[channel] = largest;
  });
  // Below 2^-142 the quotient would be 0, and so close to 0 are the values.
  return scales.map((largest) => Math.fround(largest / LARGEST) || 1);
}

/** Each value over the scale of its channel, rounded to the nearest whole number, ties to even. */
export function quantize(
  values: Float32Array,
  scales: Float32Array,
  shape: readonly number[],
  axis: number,
): Int8Array {
  const numbers = new Int8Array(values.length);
  forEachChannel(values.length, shape, axis, (channel, begin, end) => {
    const scale = scales[channel]!;
    for (let i = begin; i < end; i++) {
      const number = roundToEven(values[i]! / scale);
      numbers[i] = Math.max(-LARGEST, Math.min(LARGEST, number));
    }
  });
  return numbers;
}

/** Calls back for each run of elements that belong to one channel. */
function forEachChannel(
  length: number,
  shape: readonly number[],
  axis: number,
  visit: (channel: number, begin: number, end: number) => void,
): void {
  const channels = shape[axis] ?? 0;
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  for (let begin = 0, channel = 0; begin < length; begin += inner) {
    visit(channel, begin, begin + inner);
    channel = (channel + 1) % channels;
  }
}

function roundToEven(value: number): number {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}
