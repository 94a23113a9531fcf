// Reads a folder of reference outputs: `case.json`, which describes them, and `golden.safetensors`, which holds them.
// There are two dialects (one of the SAM family, one of SAM 2, FastSAM and single modules); this hides the difference.

import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { memorySource, openSafetensors, type OpenWeights, toFloat32 } from '@samgpu/weights';

import { FormulaWeightStore } from './formula-weight-store.ts';
import { type FormulaFamily, type FormulaOptions, formulaValues } from './formula-weights.ts';
import { unpackBits, unpackMasks } from './packed-bits.ts';
import { sampleIndices } from './sample-indices.ts';

/** A reference tensor. Large ones are stored as samples. */
export interface Golden {
  /** As in the file, for instance `embedding.sample`. */
  readonly storedName: string;
  /** Of the whole tensor. */
  readonly shape: readonly number[];
  /** The whole tensor in row-major order, or its samples. */
  readonly values: Float32Array;
  /** Where the samples lie in the whole tensor. Undefined where it is stored as a whole. */
  readonly indices: Uint32Array | undefined;
  /** Stored in float16: each value is off by up to 2^-11 of itself. */
  readonly isHalf: boolean;
  /** Of the whole tensor. */
  readonly stats:
    | { readonly mean: number; readonly std: number; readonly absmax: number }
    | undefined;
  /** Proposed limits for a float32 implementation, where the case has them per tensor. */
  readonly limit: { readonly maxAbs: number; readonly rms: number } | undefined;
  /**
   * Those elements of a whole tensor that are stored, in the order of `values`.
   *
   * @throws ParityError if `whole` does not have as many elements as `shape` says
   */
  select(whole: Float32Array): Float32Array;
}

/** Masks of 0 and 1. */
export interface GoldenMasks {
  readonly shape: readonly number[];
  /** Row-major, one byte per pixel. */
  readonly bits: Uint8Array;
}

export class ParityError extends Error {
  override readonly name = 'ParityError';
  readonly code: 'missing' | 'kind' | 'shape';

  constructor(code: 'missing' | 'kind' | 'shape', message: string) {
    super(message);
    this.code = code;
  }
}

interface TensorDescription {
  readonly shape: readonly number[];
  readonly sampled?: boolean;
  readonly packed_bits?: boolean;
  readonly kind?: 'full' | 'sample' | 'half' | 'bits';
  readonly stats?: { readonly mean: number; readonly std: number; readonly absmax: number };
  readonly tol_suggest?: { readonly max_abs: number; readonly rms: number };
}

interface InputDescription {
  readonly key?: string;
  readonly shape: readonly number[];
  readonly offset?: number;
  readonly scale: number;
}

interface CaseDescription extends Readonly<Record<string, unknown>> {
  readonly seed?: number;
  readonly name?: string;
  readonly variant?: string;
  readonly gain?: number;
  readonly tensors?: Readonly<Record<string, TensorDescription>>;
  readonly inputs?: Readonly<Record<string, InputDescription>>;
  readonly formula_inputs?: Readonly<Record<string, InputDescription>>;
  readonly weight_offsets?: Readonly<Record<string, number>>;
  readonly weight_ramps?: Readonly<Record<string, number>>;
  readonly weights?: { readonly gains?: readonly (readonly [pattern: string, gain: number])[] };
}

/**
 * Opens a folder with `case.json` and `golden.safetensors`.
 *
 * @throws if one of them cannot be read
 */
export async function openParityCase(directory: string): Promise<ParityCase> {
  const description: unknown = JSON.parse(await readFile(join(directory, 'case.json'), 'utf8'));
  const bytes = new Uint8Array(await readFile(join(directory, 'golden.safetensors')));
  const store = await openSafetensors(memorySource(bytes), { fingerprint: directory });
  return new ParityCase(directory, description as CaseDescription, store);
}

/** Reference outputs of one official network, and what it takes to compute them again. */
export class ParityCase {
  /** The end of the folder's path, such as `sam_vit_b/truck`, for messages. */
  readonly name: string;
  /** The whole `case.json`. Its README files say what is where. */
  readonly description: Readonly<Record<string, unknown>>;
  /** Of the weights and inputs. */
  readonly formula: FormulaOptions;
  readonly #case: CaseDescription;
  readonly #store: OpenWeights;

  constructor(directory: string, description: CaseDescription, store: OpenWeights) {
    this.name = `${basename(dirname(directory))}/${basename(directory)}`;
    this.description = description;
    this.#case = description;
    this.#store = store;
    const { seed = 0, gain, weight_offsets: offsets, weight_ramps: ramps, weights } = description;
    this.formula = {
      seed,
      family: familyOf(description.variant ?? description.name ?? ''),
      ...(gain !== undefined && { gain }),
      ...(weights?.gains && {
        gains: weights.gains.map(([pattern, factor]) => [new RegExp(pattern), factor] as const),
      }),
      ...(offsets && { offsets: new Map(Object.entries(offsets)) }),
      ...(ramps && { ramps: new Map(Object.entries(ramps)) }),
    };
  }

  /** Names as stored, with their suffixes. */
  get names(): readonly string[] {
    return [...this.#store.tensors.keys()];
  }

  /** Whether the case holds a tensor, as a whole or samples of it; `name` may lack the suffix. */
  has(name: string): boolean {
    return this.#storedName(name) !== undefined;
  }

  /** The weights of this case, for a network with these parameters. */
  weights(shapes: ReadonlyMap<string, readonly number[]>): FormulaWeightStore {
    return new FormulaWeightStore(shapes, this.formula);
  }

  /**
   * An input that is a formula, such as the image embedding of a case without encoder.
   *
   * @throws ParityError if the case has none of this name
   */
  input(name: string): { readonly shape: readonly number[]; readonly values: Float32Array } {
    const inputs = this.#case.inputs ?? this.#case.formula_inputs ?? {};
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (input === undefined) {
      throw new ParityError(
        'missing',
        `${this.name} has no formula input ${name}, only ${Object.keys(inputs).join(', ')}`,
      );
    }
    const { key = name, shape, offset = 0, scale } = input;
    const { seed } = this.formula;
    return { shape, values: formulaValues(key, product(shape), { seed, offset, scale }) };
  }

  /**
   * A reference tensor, by its name with or without the suffix that says how it is stored.
   *
   * @throws ParityError if there is none, or it is a mask
   */
  async golden(name: string): Promise<Golden> {
    const { storedName, description, bytes, dtype } = await this.#find(name);
    if (isPacked(description)) {
      throw new ParityError('kind', `${this.name} ${storedName} is packed bits: use masks()`);
    }
    const { shape, stats, tol_suggest: suggested } = description;
    const size = product(shape);
    const values = toFloat32(bytes, dtype);
    const indices = values.length < size ? sampleIndices(size, values.length) : undefined;
    return {
      storedName,
      shape,
      values,
      indices,
      isHalf: dtype === 'f16',
      stats,
      limit: suggested && { maxAbs: suggested.max_abs, rms: suggested.rms },
      select: (whole) => {
        if (whole.length !== size) {
          throw new ParityError(
            'shape',
            `${this.name} ${storedName} is [${shape.join(', ')}], that is ${size} values, got ${whole.length}`,
          );
        }
        return indices === undefined ? whole : Float32Array.from(indices, (i) => whole[i] ?? 0);
      },
    };
  }

  /**
   * Reference masks, unpacked.
   *
   * @throws ParityError if there are none of this name
   */
  async masks(name: string): Promise<GoldenMasks> {
    const { storedName, description, bytes } = await this.#find(name);
    if (!isPacked(description)) {
      throw new ParityError('kind', `${this.name} ${storedName} is no mask: use golden()`);
    }
    const { shape } = description;
    const [masks = 1, ...frame] = shape;
    const bits =
      description.kind === 'bits'
        ? unpackBits(bytes, product(shape))
        : unpackMasks(bytes, masks, product(frame));
    return { shape, bits };
  }

  #storedName(name: string): string | undefined {
    const candidates = [name, `${name}.sample`, `${name}.f16`, `${name}_f16`];
    return candidates.find((candidate) => this.#store.tensors.has(candidate));
  }

  async #find(name: string): Promise<{
    storedName: string;
    description: TensorDescription;
    bytes: Uint8Array;
    dtype: Parameters<typeof toFloat32>[1];
  }> {
    const storedName = this.#storedName(name);
    const info = storedName === undefined ? undefined : this.#store.tensors.get(storedName);
    const description = storedName === undefined ? undefined : this.#case.tensors?.[storedName];
    if (storedName === undefined || info === undefined || description === undefined) {
      const stem = name.split('.', 1).join();
      const near = this.names.filter((other) => other.startsWith(stem)).slice(0, 8);
      throw new ParityError(
        'missing',
        `${this.name} has no tensor ${name}` + (near.length > 0 ? `, but ${near.join(', ')}` : ''),
      );
    }
    const bytes = await this.#store.read(storedName);
    return { storedName, description, bytes, dtype: info.dtype };
  }
}

function isPacked(description: TensorDescription): boolean {
  return description.packed_bits === true || description.kind === 'bits';
}

function familyOf(variant: string): FormulaFamily {
  if (/^(fastsam|modules_yolo)/.test(variant)) {
    return 'fastsam';
  }
  return /^(sam2|modules_sam2)/.test(variant) ? 'sam2' : 'sam';
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, length) => total * length, 1);
}
