import { type DeviceValue, disposeValues, type HostValue } from '@samgpu/graph';

import type { WebGpuRunOptions } from '@samgpu/webgpu';

import type { DecodedBatch } from '../everything/scan-image.ts';
import type { DecoderPool } from './decoder-pool.ts';
import { isNoRoom } from './no-room.ts';
import type { PromptBatch } from './prompt-batch.ts';

/** What a decoder gave, by name: `logits` and `scores`. Whoever takes it disposes of it. */
export type DecoderOutputs = Readonly<Record<string, DeviceValue>>;

/** Backends without a device of their own know nothing of `until`. */
export type DecodeOptions = Pick<WebGpuRunOptions, 'signal' | 'until'>;

/** Takes what was given for some rows of a batch, from `from` up to `to`, and disposes of it. */
export type PartUse<Result> = (
  outputs: DecoderOutputs,
  rows: { readonly from: number; readonly to: number },
) => Promise<Result>;

/**
 * Runs the decoder for a batch: in halves, quarters and so on where a GPU has no room for more, or a
 * CPU no use for it.
 *
 * @returns what `use` made of the parts, in their order
 */
export async function decodeBatch<Result>(
  decoders: DecoderPool,
  batch: PromptBatch,
  features: Readonly<Record<string, DeviceValue>>,
  options: DecodeOptions,
  use: PartUse<Result>,
  from = 0,
): Promise<Result[]> {
  const { prompts } = batch.sizes;
  if (prompts <= decoders.mostPrompts(batch.sizes)) {
    try {
      const outputs = await decoders.run(batch.sizes, { ...features, ...batch.inputs }, options);
      return [await use(outputs, { from, to: from + prompts })];
    } catch (error) {
      if (!isNoRoom(error) || prompts === 1) {
        throw error;
      }
      decoders.limitPrompts(batch.sizes, error);
    }
  }
  const parts: Result[] = [];
  for (const [index, half] of halvesOf(batch).entries()) {
    options.signal?.throwIfAborted();
    const start = from + (index * prompts) / 2;
    parts.push(...(await decodeBatch(decoders, half, features, options, use, start)));
  }
  return parts;
}

/** Brings everything to the memory of JavaScript. */
export async function readBatch(outputs: DecoderOutputs): Promise<DecodedBatch> {
  try {
    const { logits, scores } = outputs;
    const [one, other] = await Promise.all([logits!.read(), scores!.read()]);
    return { logits: one, scores: other };
  } finally {
    disposeValues(outputs);
  }
}

/** The same prompts in two batches. Every input has one row for each of them. */
function halvesOf({ sizes, inputs }: PromptBatch): PromptBatch[] {
  // Sizes are powers of two.
  const prompts = sizes.prompts / 2;
  return [0, 1].map((half) => ({
    sizes: { ...sizes, prompts },
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]): [string, HostValue] => {
        const length = data.length / 2;
        const rows = data.subarray(half * length, (half + 1) * length);
        return [name, { shape: [prompts, ...shape.slice(1)], data: rows }];
      }),
    ),
  }));
}
