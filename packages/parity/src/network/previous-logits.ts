import type { ParityCase } from '@samgpu/testing';

import type { CasePrompt } from '../core/description.ts';
import { UnreadableCaseError } from '../core/result.ts';
import type { StageList } from '../core/stage-list.ts';
import type { PreviousLogits } from './prompts.ts';

/** Logits that we gave, by answer, `[masks, side, side]`. */
export type OwnLogits = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array }
>;

/**
 * The mask that a prompt feeds back: where the case holds those logits as a whole, the official ones,
 * else our own for the same answer.
 */
export async function previousLogits(
  parityCase: ParityCase,
  { name, mask_input: wanted }: CasePrompt,
  own: OwnLogits,
  stages: StageList,
): Promise<PreviousLogits | undefined> {
  if (wanted === undefined) {
    return undefined;
  }
  const { tensor, index } = wanted;
  const what = `${tensor}, which prompt ${name} feeds back,`;
  stages.leaveOut('mask_input', 'what a prompt feeds back, so an input');
  if (parityCase.has(tensor)) {
    const { shape, values, indices, isHalf } = await parityCase.golden(tensor);
    if (indices === undefined && !isHalf) {
      return maskOf(shape, values, index, what);
    }
  }
  const ours = own.get(tensor.replace(/\.low_res$/, ''));
  if (ours === undefined) {
    throw new UnreadableCaseError(
      `the case neither holds ${what} as a whole nor asks for it in an earlier prompt`,
    );
  }
  return maskOf(ours.shape, ours.data, index, what);
}

function maskOf(
  shape: readonly number[],
  values: Float32Array,
  index: number,
  what: string,
): PreviousLogits {
  const [height = 0, width = 0] = shape.slice(-2);
  const size = height * width;
  if (size === 0 || index < 0 || (index + 1) * size > values.length) {
    throw new UnreadableCaseError(`${what} is [${shape.join(', ')}] and has no mask ${index}`);
  }
  return { width, height, data: values.slice(index * size, (index + 1) * size) };
}
