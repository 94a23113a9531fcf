import { createHash } from 'node:crypto';

import { type WeightInfo, WeightsError, type WeightStore } from '@samgpu/weights';

import { type FormulaOptions, formulaTensor } from './formula-weights.ts';

/** Formula weights as a store: float32, but int64 for the batch counters. Tensors are computed at every read. */
export class FormulaWeightStore implements WeightStore {
  readonly tensors: ReadonlyMap<string, WeightInfo>;
  readonly fingerprint: string;
  readonly #options: FormulaOptions;

  /** @param shapes - the shape of every parameter, by its name in the official `state_dict` */
  constructor(shapes: ReadonlyMap<string, readonly number[]>, options: FormulaOptions) {
    this.tensors = new Map(
      Array.from(shapes, ([key, shape]) => [
        key,
        { shape, dtype: key.endsWith('num_batches_tracked') ? 'i64' : 'f32' },
      ]),
    );
    this.#options = options;
    const { offsets = [], ramps = [], gains = [], ...others } = options;
    const content = JSON.stringify([
      [...shapes],
      [...offsets],
      [...ramps],
      gains.map(([pattern, gain]) => [pattern.source, gain]),
      others,
    ]);
    this.fingerprint = `formula:${createHash('sha256').update(content).digest('hex')}`;
  }

  async read(path: string): Promise<Uint8Array> {
    const info = this.tensors.get(path);
    if (info === undefined) {
      throw new WeightsError(
        'missing-tensor',
        `there is no formula tensor ${JSON.stringify(path)} among the ${this.tensors.size} that were named`,
      );
    }
    const values = formulaTensor(path, info.shape, this.#options);
    // Counters are 0, and so are all bytes of a BigInt64Array of zeros.
    return new Uint8Array(
      info.dtype === 'i64' ? new ArrayBuffer(8 * values.length) : values.buffer,
    );
  }
}
