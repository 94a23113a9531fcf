/** Checkpoints on disk, and what a model segments with one. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Variant } from '@samgpu/variant';
import { type TensorToWrite, type WeightStore, writeSafetensors } from '@samgpu/weights';
import { Segmenter, type SegmenterOptions, type SegmentOptions } from 'samgpu';

import { writeCheckpoint } from '../../../../packages/weights/src/pytorch/fixtures/write-checkpoint.ts';

/** A folder of checkpoints that is gone after `remove`. */
export class SavedCheckpoints {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<SavedCheckpoints> {
    return new SavedCheckpoints(await mkdtemp(join(tmpdir(), 'samgpu-checkpoints-')));
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true });
  }

  /** As `torch.save` writes it. @param key - the dictionary key below which it lies */
  async torch(name: string, weights: WeightStore, key?: string): Promise<string> {
    const path = join(this.#folder, name);
    await writeCheckpoint(path, weights, { ...(key !== undefined && { key }) });
    return path;
  }

  async safetensors(name: string, weights: WeightStore): Promise<string> {
    const path = join(this.#folder, name);
    await writeFile(path, await safetensorsOf(weights));
    return path;
  }
}

export async function safetensorsOf(weights: WeightStore): Promise<Uint8Array> {
  const tensors: [string, TensorToWrite][] = [];
  for (const [name, { dtype, shape }] of weights.tensors) {
    tensors.push([name, { dtype, shape, bytes: await weights.read(name) }]);
  }
  return writeSafetensors(tensors);
}

/** What one click on a picture gives: every logit and score, to be compared to the last bit. */
export async function clickOn(
  picture: string,
  variant: Variant,
  options: SegmenterOptions,
  asked: SegmentOptions = { multimask: true },
): Promise<{ readonly score: number; readonly logits: Float32Array }[]> {
  using segmenter = await Segmenter.load(variant, { backend: 'onnx', ...options });
  using image = await segmenter.encode(picture);
  const point = { x: image.width / 2, y: image.height / 2 };
  const { masks } = await image.segment({ points: [point] }, asked);
  return masks.map(({ score, logits }) => ({ score, logits: logits!.data }));
}
