import type { RgbColor } from '@samgpu/mask';

import { SessionError } from '../session-error.ts';
import type { Draft } from '../snapshot.ts';
import { applyEdits } from './apply-edits.ts';
import { changeObject, objectOf } from './change-objects.ts';
import { compact, type ObjectMaker } from './object-maker.ts';
import { NO_DRAFT, type SessionDocument } from './session-document.ts';
import type { MaskEdit, SessionObject } from './session-object.ts';

/** A draft that became an object, or changed one. */
export interface Commit {
  readonly object: SessionObject;
  readonly change: Partial<SessionDocument>;
  readonly label: string;
}

export function commitDraft(
  document: SessionDocument,
  { mask, alpha, target }: Draft,
  named: { readonly name?: string; readonly color?: RgbColor },
  maker: ObjectMaker,
): Commit {
  const soft = alpha && { alpha };
  if (target === null) {
    const object = maker.make({ mask, ...soft, ...named });
    const objects = [...document.objects, object];
    return { object, change: { ...NO_DRAFT, objects, selected: object.id }, label: 'New object' };
  }
  const { alpha: _, ...before } = objectOf(document, target);
  const object: SessionObject = { ...before, mask: compact(mask), ...soft };
  const { objects } = changeObject(document, target, () => object);
  return { object, change: { ...NO_DRAFT, objects }, label: 'Change object' };
}

/** The selected object, edited. @throws SessionError `no-draft` where none is selected */
export function editObject(document: SessionDocument, edit: MaskEdit): SessionDocument {
  if (document.selected === null) {
    throw noDraft();
  }
  // Soft edges belonged to the mask as it was.
  return changeObject(document, document.selected, ({ alpha: _, ...object }) => {
    const { mask, alpha } = applyEdits(object.mask, [edit]);
    return { ...object, mask: compact(mask), ...(alpha && { alpha }) };
  });
}

export function noDraft(): SessionError {
  return new SessionError(
    'no-draft',
    'there is no draft; point at an object, or select one, first',
  );
}
