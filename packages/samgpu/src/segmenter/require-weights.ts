import type { Variant } from '@samgpu/variant';

import type { WeightInput } from './open-given-weights.ts';
import { SegmenterError } from './segmenter-error.ts';

/**
 * Says what is missing where a variant's weights have to be brought and were not.
 *
 * @throws SegmenterError `weights-needed`
 */
export function requireWeights({ title, weights }: Variant, given: WeightInput | undefined): void {
  if (weights.kind === 'brought' && given === undefined) {
    throw new SegmenterError(
      'weights-needed',
      `the weights of ${title} are not downloaded, because ${weights.reason}. ` +
        `If its terms fit what you do, get ${weights.files.join(' or ')} from ${weights.from.href} ` +
        'and pass the file as the option weights',
    );
  }
}
