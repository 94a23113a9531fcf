import { type DeviceValue, disposeValues, type HostValue } from '@samgpu/graph';

import type { DecodedBatch } from '../everything/scan-image.ts';
import type { DecoderPool } from './decoder-pool.ts';
import { isNoRoom } from './no-room.ts';
import type { PromptBatch } from './prompt-batch.ts';

/** Runs the decoder for a batch: in halves, quarters and so on where a GPU has no room for more. */
export async function decodeBatch(
  decoders: DecoderPool,
  batch: PromptBatch,
  features: Readonly<Record<string, DeviceValue>>,
  signal: AbortSignal | undefined,
): Promise<DecodedBatch> {
  const { prompts } = batch.sizes;
  if (prompts <= decoders.mostPrompts(batch.sizes)) {
    try {
      return await decodeAtOnce(decoders, batch, features, signal);
    } catch (error) {
      if (!isNoRoom(error) || prompts === 1) {
        throw error;
      }
      decoders.limitPrompts(batch.sizes, error);
    }
  }
  const parts: DecodedBatch[] = [];
  for (const half of halvesOf(batch)) {
    signal?.throwIfAborted();
    parts.push(await decodeBatch(decoders, half, features, signal));
  }
  return {
    logits: joined(parts.map(({ logits }) => logits)),
    scores: joined(parts.map(({ scores }) => scores)),
  };
}

async function decodeAtOnce(
  decoders: DecoderPool,
  { sizes, inputs }: PromptBatch,
  features: Readonly<Record<string, DeviceValue>>,
  signal: AbortSignal | undefined,
): Promise<DecodedBatch> {
  const outputs = await decoders.run(sizes, { ...features, ...inputs }, { signal });
  try {
    const [logits, scores] = await Promise.all([
      outputs['logits']!.read(),
      outputs['scores']!.read(),
    ]);
    return { logits, scores };
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

function joined(parts: readonly HostValue[]): HostValue {
  const { shape } = parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { shape: [rows, ...shape.slice(1)], data };
}
