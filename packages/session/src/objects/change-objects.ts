import { combineMasks } from '@samgpu/mask';

import { SessionError } from '../session-error.ts';
import { compact } from './object-maker.ts';
import type { SessionDocument } from './session-document.ts';
import type { SessionObject } from './session-object.ts';

/** @throws SessionError `unknown-object` */
export function objectOf(document: SessionDocument, id: string): SessionObject {
  const object = document.objects.find((one) => one.id === id);
  if (object === undefined) {
    throw new SessionError('unknown-object', `no object "${id}"; it may have been removed`);
  }
  return object;
}

/** @throws SessionError `unknown-object` */
export function changeObject(
  document: SessionDocument,
  id: string,
  change: (object: SessionObject) => SessionObject,
): SessionDocument {
  const object = objectOf(document, id);
  const objects = document.objects.map((one) => (one === object ? change(one) : one));
  return { ...document, objects };
}

/** @throws SessionError `unknown-object` */
export function removeObjects(document: SessionDocument, ids: readonly string[]): SessionDocument {
  for (const id of ids) objectOf(document, id);
  const objects = document.objects.filter(({ id }) => !ids.includes(id));
  const selected = objects.some(({ id }) => id === document.selected) ? document.selected : null;
  return { ...document, objects, selected };
}

/**
 * Joins objects into the first of those given, which keeps its name and colour and is selected.
 *
 * @throws SessionError `unknown-object`
 */
export function mergeObjects(document: SessionDocument, ids: readonly string[]): SessionDocument {
  const merged = ids.map((id) => objectOf(document, id));
  const [first, ...rest] = merged;
  if (first === undefined || rest.length === 0) {
    return document;
  }
  const mask = rest.reduce((all, { mask }) => combineMasks(all, mask, 'add'), first.mask);
  const { alpha: _, ...kept } = first;
  const joined: SessionObject = { ...kept, mask: compact(mask) };
  const objects = document.objects
    .filter((one) => one === first || !merged.includes(one))
    .map((one) => (one === first ? joined : one));
  return { ...document, objects, selected: first.id };
}

/** @throws SessionError `unknown-object` */
export function reorderObject(
  document: SessionDocument,
  id: string,
  index: number,
): SessionDocument {
  const object = objectOf(document, id);
  const objects = document.objects.filter((one) => one !== object);
  objects.splice(Math.min(Math.max(0, Math.trunc(index)), objects.length), 0, object);
  return { ...document, objects };
}
