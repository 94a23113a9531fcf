import { type DeviceValue, disposeValues, type HostValue } from '@samgpu/graph';
import type { MadePixels } from '@samgpu/mask';
import type { AnswerRule } from '@samgpu/variant';

import type { DecoderOutputs } from './decode-batch.ts';
import type { MaskEnlarger } from './device-masks.ts';
import { GpuMask, SharedOutputs } from './gpu-mask.ts';
import type { DecodedPrompt, MaskContext } from './masks-of.ts';
import { isNoRoom } from './no-room.ts';
import type { Prompt } from './prompt.ts';

/**
 * What was decoded, prompt by prompt.
 *
 * @param enlarger - if masks are to be enlarged before they leave the device
 * @param masks - which ones
 */
export async function decodedPrompts(
  outputs: DecoderOutputs,
  prompts: readonly Prompt[],
  enlarger: MaskEnlarger | undefined,
  masks: readonly number[],
): Promise<DecodedPrompt[]> {
  try {
    const { logits, scores } = outputs;
    const [made, one, other] = await Promise.all([
      enlarger === undefined ? undefined : enlarge(enlarger, logits!, prompts.length, masks),
      logits!.read(),
      scores!.read(),
    ]);
    return prompts.map((prompt, row) => ({
      prompt,
      logits: rowOf(one, row),
      scores: rowOf(other, row),
      ...(made && { made: made[row]! }),
    }));
  } finally {
    disposeValues(outputs);
  }
}

/** Nothing where the device has no room for it: JavaScript can do it, too. */
async function enlarge(
  enlarger: MaskEnlarger,
  logits: DeviceValue,
  prompts: number,
  masks: readonly number[],
): Promise<Map<number, MadePixels>[] | undefined> {
  try {
    return await enlarger.read(logits, prompts, masks);
  } catch (error) {
    if (isNoRoom(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Masks that stay on the device, prompt by prompt, in the official order. */
export async function gpuMasks(
  outputs: DecoderOutputs,
  prompts: number,
  enlarger: MaskEnlarger,
  rule: AnswerRule,
  context: MaskContext,
): Promise<GpuMask[][]> {
  if (prompts === 0) {
    // Places that only fill up a batch.
    disposeValues(outputs);
    return [];
  }
  try {
    const made = await enlarger.enlarge(outputs['logits']!, prompts, rule.masks);
    const shared = new SharedOutputs(outputs);
    return made.map((masks, row) =>
      masks.map((mask, place) => {
        const index = rule.masks[place]!;
        const scoreIndex = rule.scores?.[place] ?? index;
        return new GpuMask({ context, mask, outputs: shared, row, index, scoreIndex });
      }),
    );
  } catch (error) {
    disposeValues(outputs);
    throw error;
  }
}

// A copy, so that a mask does not keep the logits of a whole batch alive.
function rowOf({ shape, data }: HostValue, row: number): Float32Array {
  const length = data.length / (shape[0] ?? 1);
  return Float32Array.from(data.subarray(row * length, (row + 1) * length));
}
