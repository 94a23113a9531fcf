/**
 * How quantised weights lie in a safetensors file: tensor `X` is I8, and `X.scale` beside it is F32
 * with one number per output channel. Channels lie along axis 0 of `X`, unless the file's metadata
 * say otherwise, as they do for transposed convolutions.
 */
import { parseStrictObject } from './strict-json.ts';
import type { WeightInfo } from './weight-store.ts';
import { quote, WeightsError } from './weights-error.ts';

/** Metadata entry: JSON from tensor name to axis, for those whose channels do not lie along axis 0. */
export const CHANNEL_AXES = 'samgpu.channel_axes';

/** The name of a quantised tensor's scales. */
export function scalesPath(path: string): string {
  return `${path}.scale`;
}

/**
 * The axes that a file's metadata give.
 *
 * @throws WeightsError with code `metadata` if they are not a map from names to whole numbers
 */
export function parseChannelAxes(metadata: ReadonlyMap<string, string>): Map<string, number> {
  const axes = new Map<string, number>();
  const json = metadata.get(CHANNEL_AXES);
  if (json === undefined) {
    return axes;
  }
  for (const [name, axis] of parseStrictObject(json, `metadata ${CHANNEL_AXES}`, 'metadata')) {
    if (typeof axis !== 'number' || !Number.isSafeInteger(axis) || axis < 0) {
      throw new WeightsError(
        'metadata',
        `metadata ${CHANNEL_AXES} puts the channels of ${quote(name)} along ${quote(axis)}, expected an axis`,
      );
    }
    axes.set(name, axis);
  }
  return axes;
}

/**
 * The tensors, with each i8 tensor that has scales beside it marked as quantised.
 *
 * @throws WeightsError with code `shape` if the scales are not one f32 per channel
 */
export function pairScales<Info extends WeightInfo>(
  tensors: ReadonlyMap<string, Info>,
  axes: ReadonlyMap<string, number>,
): ReadonlyMap<string, Info> {
  const marked = new Map<string, Info>();
  for (const [path, info] of tensors) {
    const beside = scalesPath(path);
    const found = info.dtype === 'i8' ? tensors.get(beside) : undefined;
    if (found === undefined) {
      marked.set(path, info);
      continue;
    }
    const axis = axes.get(path) ?? 0;
    const channels = info.shape[axis];
    if (channels === undefined || found.dtype !== 'f32' || found.shape.join() !== `${channels}`) {
      throw new WeightsError(
        'shape',
        `tensor ${quote(beside)} is ${found.dtype} ${quote(found.shape)}, ` +
          `expected f32 [${channels ?? 'channels'}], one scale for each position along axis ${axis} of ${quote(path)} ${quote(info.shape)}`,
      );
    }
    marked.set(path, { ...info, scales: { path: beside, axis } });
  }
  return marked;
}
