import { sha256OfText } from './download/model-file.ts';
import { findTensor } from './stored-tensors.ts';
import type { ChunkOptions, FilePlace, OpenWeights, WeightInfo } from './weight-store.ts';
import { quote, WeightsError } from './weights-error.ts';

/**
 * The same tensors under other names. Those that get none are left out.
 *
 * The new store takes over the old one: closing one closes the other.
 *
 * @param names - new name to the one in the store
 * @throws WeightsError with code `missing-tensor` for a name that is not in the store
 */
export function renameTensors(
  weights: OpenWeights,
  names: ReadonlyMap<string, string>,
): OpenWeights {
  const tensors = new Map<string, WeightInfo>();
  const newNames = new Map(Array.from(names, ([name, stored]) => [stored, name]));
  let isChanged = names.size !== weights.tensors.size;
  for (const [name, stored] of names) {
    tensors.set(name, withScales(findTensor(weights.tensors, stored), newNames));
    isChanged ||= name !== stored;
  }
  return isChanged ? new RenamedWeights(weights, tensors, names) : weights;
}

/** The scales of a quantised tensor are another tensor, whose name changes too. */
function withScales(info: WeightInfo, newNames: ReadonlyMap<string, string>): WeightInfo {
  const { scales } = info;
  if (scales === undefined) {
    return info;
  }
  const path = newNames.get(scales.path);
  if (path === undefined) {
    throw new WeightsError(
      'argument',
      `the scales ${quote(scales.path)} of a quantised tensor get no new name, expected one`,
    );
  }
  return { ...info, scales: { ...scales, path } };
}

class RenamedWeights implements OpenWeights {
  readonly tensors: ReadonlyMap<string, WeightInfo>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly fingerprint: string;
  readonly #weights: OpenWeights;
  readonly #names: ReadonlyMap<string, string>;

  constructor(
    weights: OpenWeights,
    tensors: ReadonlyMap<string, WeightInfo>,
    names: ReadonlyMap<string, string>,
  ) {
    this.#weights = weights;
    this.#names = names;
    this.tensors = tensors;
    this.metadata = weights.metadata;
    // The same content under other names is another store.
    this.fingerprint = `${weights.fingerprint}:${sha256OfText(JSON.stringify([...names]))}`;
  }

  async read(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#weights.read(findTensor(this.#names, path), signal);
  }

  filePlace(path: string): FilePlace | undefined {
    return this.#weights.filePlace?.(findTensor(this.#names, path));
  }

  readChunks(path: string, options?: ChunkOptions): AsyncIterable<Uint8Array> {
    return this.#weights.readChunks(findTensor(this.#names, path), options);
  }

  close(): Promise<void> {
    return this.#weights.close();
  }
}
