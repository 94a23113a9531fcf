import { toFloat32 } from './to-float32.ts';
import { findTensor } from './stored-tensors.ts';
import type { WeightInfo, WeightStore } from './weight-store.ts';
import { quote, WeightsError } from './weights-error.ts';

/**
 * The values of quantised numbers: each times the scale of its channel, rounded to float32.
 *
 * @param numbers - row-major
 * @param scales - one per position along `axis`
 * @throws WeightsError with code `size` where the lengths do not fit the shape
 */
export function dequantize(
  numbers: Int8Array,
  scales: Float32Array,
  shape: readonly number[],
  axis: number,
): Float32Array {
  const channels = shape[axis] ?? 0;
  const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const outer = shape.slice(0, axis).reduce((product, length) => product * length, 1);
  if (scales.length !== channels || numbers.length !== outer * channels * inner) {
    throw new WeightsError(
      'size',
      `got ${numbers.length} numbers and ${scales.length} scales, ` +
        `expected ${outer * channels * inner} and ${channels} for ${quote(shape)} along axis ${axis}`,
    );
  }
  const values = new Float32Array(numbers.length);
  let index = 0;
  for (let block = 0; block < outer; block++) {
    for (let channel = 0; channel < channels; channel++) {
      const scale = scales[channel]!;
      for (const end = index + inner; index < end; index++) {
        values[index] = numbers[index]! * scale;
      }
    }
  }
  return values;
}

/**
 * A tensor's values as float32, whatever it is stored as; quantised ones are multiplied by their scales.
 *
 * May be a view into the store: do not write to it.
 *
 * @throws WeightsError with code `missing-tensor` if there is no such tensor
 */
export async function readFloat32(
  store: WeightStore,
  path: string,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const { dtype, shape, scales } = findTensor(store.tensors, path);
  const bytes = await store.read(path, signal);
  if (scales === undefined) {
    return toFloat32(bytes, dtype);
  }
  const numbers = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const factors = toFloat32(await store.read(scales.path, signal), 'f32');
  return dequantize(numbers, factors, shape, scales.axis);
}

/**
 * A view of a store in which no tensor is quantised: those that are appear as f32, and the tensors
 * that hold their scales do not appear. For what has no use for whole numbers.
 *
 * @returns the store itself where nothing in it is quantised
 */
export function dequantized(store: WeightStore): WeightStore {
  const scales = new Set(
    Array.from(store.tensors.values(), (info) => info.scales?.path).filter(
      (path) => path !== undefined,
    ),
  );
  return scales.size === 0 ? store : new DequantizedStore(store, scales);
}

class DequantizedStore implements WeightStore {
  readonly tensors: ReadonlyMap<string, WeightInfo>;
  readonly fingerprint: string;
  readonly #store: WeightStore;

  constructor(store: WeightStore, scales: ReadonlySet<string>) {
    this.#store = store;
    this.fingerprint = `dequantized:${store.fingerprint}`;
    this.tensors = new Map(
      [...store.tensors]
        .filter(([path]) => !scales.has(path))
        .map(([path, info]): [string, WeightInfo] => [
          path,
          info.scales === undefined ? info : { shape: info.shape, dtype: 'f32' },
        ]),
    );
  }

  async read(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    findTensor(this.tensors, path);
    if (this.#store.tensors.get(path)?.scales === undefined) {
      return this.#store.read(path, signal);
    }
    return new Uint8Array((await readFloat32(this.#store, path, signal)).buffer);
  }
}
