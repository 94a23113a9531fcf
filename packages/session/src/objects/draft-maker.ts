import { combineMasks } from '@samgpu/mask';

import type { Candidate } from '../engine/engine.ts';
import type { Draft } from '../snapshot.ts';
import { applyEdits } from './apply-edits.ts';
import type { SessionDocument } from './session-document.ts';

/** Makes drafts, and the same one again as long as nothing that it depends on is another. */
export class DraftMaker {
  #made: { readonly of: readonly unknown[]; readonly draft: Draft } | undefined;

  /** What a commit would take; null where there is no candidate. */
  draftOf(candidate: Candidate | undefined, document: SessionDocument): Draft | null {
    if (candidate === undefined) {
      return null;
    }
    const { operation, objects, selected, edits, refined } = document;
    const target = operation === 'new' ? undefined : objects.find(({ id }) => id === selected);
    const of = [candidate, operation, target?.mask, edits];
    if (this.#made?.of.every((one, i) => one === of[i]) !== true) {
      const combined =
        target === undefined || operation === 'new'
          ? candidate.mask
          : combineMasks(target.mask, candidate.mask, operation);
      const draft: Draft = { ...applyEdits(combined, edits), edits, target: target?.id ?? null };
      this.#made = { of, draft };
    }
    const { draft } = this.#made;
    return refined === undefined ? draft : { ...draft, alpha: refined };
  }
}
