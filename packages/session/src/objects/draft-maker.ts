import { combineMasks, type Mask } from '@samgpu/mask';

import type { Candidate } from '../engine/engine.ts';
import type { Draft } from '../snapshot.ts';
import { editMask, soften } from './apply-edits.ts';
import type { SessionDocument } from './session-document.ts';
import type { MaskEdit } from './session-object.ts';

interface Made {
  readonly of: readonly unknown[];
  readonly edits: readonly MaskEdit[];
  /** After the edits but a feather, which always comes last. */
  readonly edited: Mask;
  readonly draft: Draft;
}

/** Makes drafts, and the same one again as long as nothing that it depends on is another. */
export class DraftMaker {
  #made: Made | undefined;

  /** What a commit would take; null where there is no candidate. */
  draftOf(candidate: Candidate | undefined, document: SessionDocument): Draft | null {
    if (candidate === undefined) {
      return null;
    }
    const { operation, objects, selected, edits, refined } = document;
    const target = operation === 'new' ? undefined : objects.find(({ id }) => id === selected);
    const of = [candidate, operation, target?.mask];
    const known = this.#made?.of.every((one, i) => one === of[i]) === true ? this.#made : undefined;
    if (known?.edits !== edits) {
      const edited =
        known !== undefined && isPrefix(known.edits, edits)
          ? // Of many edits in a row each is done once.
            editMask(known.edited, edits.slice(known.edits.length))
          : editMask(
              target === undefined || operation === 'new'
                ? candidate.mask
                : combineMasks(target.mask, candidate.mask, operation),
              edits,
            );
      const draft: Draft = { ...soften(edited, edits), edits, target: target?.id ?? null };
      this.#made = { of, edits, edited, draft };
    }
    const { draft } = this.#made!;
    return refined === undefined ? draft : { ...draft, alpha: refined };
  }
}

function isPrefix(edits: readonly MaskEdit[], of: readonly MaskEdit[]): boolean {
  return edits.length <= of.length && edits.every((edit, i) => edit === of[i]);
}
