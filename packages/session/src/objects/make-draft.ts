import { combineMasks, type Mask } from '@samgpu/mask';

import type { Draft } from '../snapshot.ts';
import { applyEdits } from './apply-edits.ts';
import type { SessionDocument } from './session-document.ts';

/** What would be committed of a candidate. */
export function makeDraft(candidate: Mask, document: SessionDocument): Draft {
  const { operation, objects, selected, edits, refined } = document;
  const target = operation === 'new' ? undefined : objects.find(({ id }) => id === selected);
  const combined =
    target === undefined || operation === 'new'
      ? candidate
      : combineMasks(target.mask, candidate, operation);
  const { mask, alpha } = applyEdits(combined, edits);
  const soft = refined ?? alpha;
  return { mask, ...(soft && { alpha: soft }), edits, target: target?.id ?? null };
}
