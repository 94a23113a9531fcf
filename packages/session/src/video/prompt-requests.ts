import type { Size } from '@samgpu/mask';

import type { SessionPrompt } from '../prompts/session-prompt.ts';
import { segmentRequest } from '../prompts/segment-request.ts';
import type { TrackPromptRequest } from './engine/video-engine.ts';

const ALL = {
  includePoints: true,
  excludePoints: true,
  boxes: true,
  previousMask: true,
  everything: false,
  text: false,
  matte: false,
};

/**
 * What a track is told for these prompts, in order: a mask first, which points after it correct.
 *
 * @param where - the object, on its frame
 */
export function promptRequests(
  prompts: readonly SessionPrompt[],
  image: Size,
  where: { readonly frame: number; readonly object: number },
): TrackPromptRequest[] {
  const given = prompts.findLast((prompt) => prompt.kind === 'mask');
  const { points, box } = segmentRequest(prompts, image, ALL, undefined);
  const requests: TrackPromptRequest[] = [];
  if (given) requests.push({ ...where, mask: given.mask.toRle({ compressed: true }) });
  if (points || box) requests.push({ ...where, ...(points && { points }), ...(box && { box }) });
  return requests;
}
