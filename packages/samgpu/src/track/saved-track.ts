/** A track as bytes: a safetensors file with a description in its header. */
import type { HostValue } from '@samgpu/graph';
import type { Size } from '@samgpu/mask';
import type { PromptToken } from '@samgpu/variant';
import {
  memorySource,
  openSafetensors,
  type OpenWeights,
  type TensorToWrite,
  toFloat32,
  writeSafetensors,
} from '@samgpu/weights';

import { copyOf, type FrameOutput } from './frame-output.ts';
import { ObjectMemory, type Role } from './object-memory.ts';
import { TrackError } from './track-error.ts';

const KEY = 'samgpu.track';
const VERSION = 1;

/** Everything but the tensors. */
interface Saved {
  readonly version: number;
  readonly variant: string;
  readonly size: Size | null;
  readonly objects: readonly SavedObject[];
}

interface SavedObject {
  readonly id: number;
  readonly points: readonly (readonly [number, readonly PromptToken[]])[];
  readonly tracked: readonly (readonly [frame: number, reverse: boolean])[];
  readonly outputs: readonly SavedOutput[];
}

interface SavedOutput {
  readonly state: 'settled' | 'pending';
  readonly role: Role;
  readonly frame: number;
  readonly score: number;
  readonly objectScore: number;
  /** Name that its tensors begin with. */
  readonly tensors: string;
}

/** @param size - of the frames, if one was seen */
export async function saveTrack(
  objects: readonly ObjectMemory[],
  variant: string,
  size: Size | undefined,
): Promise<Uint8Array> {
  const tensors = new Map<string, TensorToWrite>();
  const saved: SavedObject[] = [];
  for (const object of objects) {
    const outputs: SavedOutput[] = [];
    for (const [state, role, frame, output] of outputsOf(object)) {
      const name = `${object.id}.${state}.${role}.${frame}`;
      tensors.set(`${name}.logits`, floats(output.logits, [output.logits.length]));
      tensors.set(`${name}.pointer`, floats(output.pointer, [output.pointer.length]));
      const memory = await copyOf(output);
      if (memory !== undefined) {
        const { shape, halves } = memory;
        tensors.set(`${name}.memory`, {
          dtype: 'bf16',
          shape,
          bytes: new Uint8Array(halves.buffer),
        });
      }
      const { score, objectScore } = output;
      outputs.push({ state, role, frame, score, objectScore, tensors: name });
    }
    const tracked = Array.from(object.tracked, ([frame, { reverse }]) => [frame, reverse] as const);
    saved.push({ id: object.id, points: [...object.points], tracked, outputs });
  }
  const description: Saved = { version: VERSION, variant, size: size ?? null, objects: saved };
  return writeSafetensors(tensors, [[KEY, JSON.stringify(description)]]);
}

/**
 * @param variant - that is to go on with it
 * @throws TrackError `saved-state`
 */
export async function restoreTrack(
  bytes: Uint8Array,
  variant: string,
): Promise<{ objects: ObjectMemory[]; size: Size | undefined }> {
  let file: OpenWeights;
  try {
    file = await openSafetensors(memorySource(bytes));
  } catch (cause) {
    throw new TrackError('saved-state', 'these bytes are no saved track: they cannot be read', {
      cause,
    });
  }
  const saved = describe(file);
  if (saved.variant !== variant) {
    throw new TrackError(
      'saved-state',
      `the track was saved with ${saved.variant} and cannot go on with ${variant}; load that model`,
    );
  }
  try {
    const objects = await Promise.all(saved.objects.map((object) => restoreObject(object, file)));
    return { objects, size: saved.size ?? undefined };
  } catch (cause) {
    throw new TrackError('saved-state', 'the saved track is damaged: parts of it are missing', {
      cause,
    });
  }
}

function describe(file: OpenWeights): Saved {
  const text = file.metadata.get(KEY);
  if (text === undefined) {
    throw new TrackError(
      'saved-state',
      'these bytes are a safetensors file, but no saved track; give what track.save() gave',
    );
  }
  try {
    const saved = JSON.parse(text) as Saved;
    if (saved.version === VERSION && Array.isArray(saved.objects)) {
      return saved;
    }
    throw new RangeError(`version ${saved.version}`);
  } catch (cause) {
    throw new TrackError(
      'saved-state',
      `the track was saved by another version of samgpu; wanted version ${VERSION} of the format`,
      { cause },
    );
  }
}

async function restoreObject(
  { id, points, tracked, outputs }: SavedObject,
  file: OpenWeights,
): Promise<ObjectMemory> {
  const object = new ObjectMemory(id);
  points.forEach(([frame, tokens]) => object.points.set(frame, tokens));
  tracked.forEach(([frame, reverse]) => object.tracked.set(frame, { reverse }));
  for (const { state, role, frame, score, objectScore, tensors } of outputs) {
    const read = async (part: string): Promise<Float32Array<ArrayBuffer>> => {
      const path = `${tensors}.${part}`;
      return Float32Array.from(toFloat32(await file.read(path), file.tensors.get(path)!.dtype));
    };
    const info = file.tensors.get(`${tensors}.memory`);
    const memory: HostValue | undefined =
      info === undefined ? undefined : { shape: info.shape, data: await read('memory') };
    const [logits, pointer] = [await read('logits'), await read('pointer')];
    object[state][role].set(frame, { logits, pointer, score, objectScore, memory });
  }
  return object;
}

function* outputsOf(
  object: ObjectMemory,
): Generator<['settled' | 'pending', Role, number, FrameOutput]> {
  for (const state of ['settled', 'pending'] as const) {
    for (const role of ['conditioning', 'passing'] as const) {
      for (const [frame, output] of object[state][role]) {
        yield [state, role, frame, output];
      }
    }
  }
}

function floats(values: Float32Array, shape: readonly number[]): TensorToWrite {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { dtype: 'f32', shape, bytes };
}
