import type { Mask } from '@samgpu/mask';

import type { MatteRequest } from '../engine/engine.ts';
import { changeObject } from '../objects/change-objects.ts';
import { noDraft } from '../objects/commit-draft.ts';
import type { SessionCore } from '../session-core.ts';
import { SessionError } from '../session-error.ts';

/** Refines the edges of the draft or, without one, of the selected object, as one step. */
export async function refineEdges(core: SessionCore, request: MatteRequest): Promise<void> {
  await core.actions.idle();
  await core.lane.answered();
  let subject = subjectOf(core);
  if (subject === undefined) {
    throw noDraft();
  }
  const alpha = await core.onPicture(async (picture) => {
    // On an image that was encoded again the draft is asked for again, too.
    await core.lane.answered();
    subject = subjectOf(core);
    if (subject === undefined) throw noDraft();
    return core.refiner.refine(picture, subject.mask, request);
  });
  await core.actions.idle();
  const now = subjectOf(core);
  if (now?.mask !== subject.mask) {
    throw new SessionError('superseded', 'the mask changed while its edges were refined');
  }
  const { id } = now;
  const change =
    id === undefined
      ? { refined: alpha }
      : changeObject(core.document, id, (object) => ({ ...object, alpha }));
  core.history.push(change, 'Refine edges');
}

/** What edges are refined of. @returns without `id` for the draft */
function subjectOf(core: SessionCore): { readonly mask: Mask; readonly id?: string } | undefined {
  const { objects, selected } = core.document;
  return core.draft ?? objects.find(({ id }) => id === selected);
}
