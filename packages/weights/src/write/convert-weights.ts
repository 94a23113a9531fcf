import { scalesPath } from '../channel-scales.ts';
import { dequantized, readFloat32 } from '../dequantize.ts';
import type { WeightDtype } from '../dtype.ts';
import { findTensor } from '../stored-tensors.ts';
import type { WeightInfo, WeightStore } from '../weight-store.ts';
import { quote, WeightsError } from '../weights-error.ts';
import { channelScales, quantize } from './quantize.ts';
import { firstOverflow, toFloat16 } from './to-float16.ts';

/** What weights are converted to: `int8` quantises the large ones, and leaves the others in f32. */
export type TargetDtype = 'f32' | 'f16' | 'int8';

export interface ConversionOptions {
  readonly dtype: TargetDtype;
  /**
   * For `int8`: the tensors that may be quantised, with the axis along which their output channels lie (in
   * `@samgpu/graph`, `outputChannelAxes` tells). Of them, those of at least 4096 elements and 16 per channel are.
   */
  readonly channelAxes?: ReadonlyMap<string, number>;
  readonly signal?: AbortSignal;
  /** Called for each tensor that was examined. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** A tensor that stays f32 although it would not have to by its name. */
export interface KeptTensor {
  readonly path: string;
  /** As a clause: "70000 is too large for f16". */
  readonly reason: string;
}

/** Weights of another dtype. Tensors are converted one by one, when they are read. */
export interface ConvertedWeights extends WeightStore {
  readonly kept: readonly KeptTensor[];
}

/** Below, the scales and what rounding costs outweigh the bytes that are saved. */
const SMALLEST_QUANTIZED = 4096;
const SMALLEST_CHANNEL = 16;

const FLOATS: ReadonlySet<WeightDtype> = new Set(['f64', 'f32', 'bf16', 'f16']);

/**
 * Shows a store's tensors in another dtype, under the same names.
 *
 * - `f32`: every tensor of floats.
 * - `f16`: every tensor of floats, each value to the nearest, ties to even. Means and variances of batch norms stay f32,
 *   because small variances are lost in f16; so do tensors with a value that f16 cannot hold.
 * - `int8`: the tensors that `channelAxes` names become whole numbers of 8 bits with one f32 scale per output channel,
 *   the channel's largest magnitude over 127. All other floats are f32, and so are tensors with infinities or NaN.
 *
 * Whole numbers, such as the counters of batch norms, stay what they are.
 *
 * For f16 and int8 every tensor is read once now, to find ranges, and again when it is read; only one is in memory at a
 * time.
 *
 * @throws WeightsError with code `argument` if `channelAxes` is missing for `int8`
 */
export async function convertWeights(
  store: WeightStore,
  options: ConversionOptions,
): Promise<ConvertedWeights> {
  const { dtype, channelAxes, signal, onProgress } = options;
  if (dtype === 'int8' && channelAxes === undefined) {
    throw new WeightsError(
      'argument',
      'int8 needs channelAxes, the tensors to quantise and the axis of their output channels',
    );
  }
  const source = dequantized(store);
  const plans = new Map<string, TensorPlan>();
  const kept: KeptTensor[] = [];
  let done = 0;
  for (const [path, info] of source.tensors) {
    const plan = await planTensor(source, path, info, options);
    if (plan.keptBecause !== undefined) {
      kept.push({ path, reason: plan.keptBecause });
    }
    plans.set(path, plan);
    done += 1;
    onProgress?.({ done, total: source.tensors.size });
    signal?.throwIfAborted();
  }
  return new Converted(source, dtype, plans, kept);
}

interface TensorPlan {
  readonly info: WeightInfo;
  readonly quantized?: { readonly scales: Float32Array; readonly axis: number };
  readonly keptBecause?: string;
}

async function planTensor(
  source: WeightStore,
  path: string,
  { dtype, shape }: WeightInfo,
  { dtype: target, channelAxes, signal }: ConversionOptions,
): Promise<TensorPlan> {
  if (!FLOATS.has(dtype)) {
    return { info: { dtype, shape } };
  }
  const asFloats: TensorPlan = { info: { dtype: 'f32', shape } };
  if (target === 'f16' && !/(^|\.)running_(mean|var)$/.test(path)) {
    const value = firstOverflow(await readFloat32(source, path, signal));
    return value === undefined
      ? { info: { dtype: 'f16', shape } }
      : { ...asFloats, keptBecause: `${value} is too large for f16` };
  }
  const axis = target === 'int8' ? channelAxes?.get(path) : undefined;
  if (axis === undefined || !isWorthwhile(path, shape, axis)) {
    return asFloats;
  }
  const values = await readFloat32(source, path, signal);
  const value = values.find((element) => !Number.isFinite(element));
  if (value !== undefined) {
    return { ...asFloats, keptBecause: `${value} cannot be quantised` };
  }
  if (source.tensors.has(scalesPath(path))) {
    return { ...asFloats, keptBecause: `the name ${quote(scalesPath(path))} is taken` };
  }
  return {
    info: { dtype: 'i8', shape, scales: { path: scalesPath(path), axis } },
    quantized: { scales: channelScales(values, shape, axis), axis },
  };
}

function isWorthwhile(path: string, shape: readonly number[], axis: number): boolean {
  const channels = shape[axis];
  if (channels === undefined) {
    throw new WeightsError(
      'argument',
      `channelAxes puts the channels of ${quote(path)} ${quote(shape)} along axis ${axis}, which it does not have`,
    );
  }
  const count = shape.reduce((product, length) => product * length, 1);
  return count >= SMALLEST_QUANTIZED && count / channels >= SMALLEST_CHANNEL;
}

class Converted implements ConvertedWeights {
  readonly tensors: ReadonlyMap<string, WeightInfo>;
  readonly fingerprint: string;
  readonly kept: readonly KeptTensor[];
  readonly #source: WeightStore;
  readonly #plans: ReadonlyMap<string, TensorPlan>;
  readonly #scales = new Map<string, Float32Array>();

  constructor(
    source: WeightStore,
    dtype: TargetDtype,
    plans: ReadonlyMap<string, TensorPlan>,
    kept: readonly KeptTensor[],
  ) {
    this.#source = source;
    this.#plans = plans;
    this.kept = kept;
    const tensors = new Map<string, WeightInfo>();
    const axes: string[] = [];
    for (const [path, { info, quantized }] of plans) {
      tensors.set(path, info);
      if (quantized !== undefined && info.scales !== undefined) {
        const { scales } = quantized;
        tensors.set(info.scales.path, { dtype: 'f32', shape: [scales.length] });
        this.#scales.set(info.scales.path, scales);
        axes.push(`${path}:${quantized.axis}`);
      }
    }
    this.tensors = tensors;
    this.fingerprint = `${dtype}[${axes.join()}]:${source.fingerprint}`;
  }

  async read(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const { dtype } = findTensor(this.tensors, path);
    const scales = this.#scales.get(path);
    if (scales !== undefined) {
      return bytesOf(scales);
    }
    const { info, quantized } = this.#plans.get(path)!;
    if (quantized !== undefined) {
      const values = await readFloat32(this.#source, path, signal);
      return bytesOf(quantize(values, quantized.scales, info.shape, quantized.axis));
    }
    switch (dtype) {
      case 'f32':
        return bytesOf(await readFloat32(this.#source, path, signal));
      case 'f16':
        return bytesOf(toFloat16(await readFloat32(this.#source, path, signal)));
      default:
        return this.#source.read(path, signal);
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
