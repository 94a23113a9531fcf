import type { RgbColor, Size } from '@samgpu/mask';

import type { SessionDocument } from '../objects/session-document.ts';
import type { MaskEdit, SessionObject } from '../objects/session-object.ts';
import {
  boxPrompt,
  lassoPrompt,
  maskPrompt,
  pointPrompt,
  scribblePrompt,
} from '../prompts/make-prompt.ts';
import type { Position, SessionPrompt } from '../prompts/session-prompt.ts';
import { SessionError } from '../session-error.ts';
import { finite, list, oneOf, record, refuse, text, wholeNumber } from './check-value.ts';
import { restoreAlpha, restoreMask } from './saved-masks.ts';
import type { SessionState } from './session-state.ts';

/** What a saved state holds, checked. */
export interface RestoredState {
  readonly image: Size & { readonly name: string };
  readonly document: SessionDocument;
  readonly counts: SessionState['counts'];
}

/**
 * Checks all of a saved state before any of it is used: it may come from a file.
 *
 * @throws SessionError `invalid-state`
 */
export function restoreState(value: unknown): RestoredState {
  const state = record(value, 'state');
  if (state['format'] !== 'samgpu-session' || state['version'] !== 1) {
    return refuse('format', 'wanted "samgpu-session", version 1');
  }
  const saved = record(state['image'], 'image');
  const image = {
    width: wholeNumber(saved['width'], 'image.width'),
    height: wholeNumber(saved['height'], 'image.height'),
    name: text(saved['name'], 'image.name'),
  };
  if (image.width < 1 || image.height < 1) return refuse('image', 'wanted at least one pixel');
  const objects = list(state['objects'], 'objects').map((one, i) =>
    restoreObject(one, image, `objects[${i}]`),
  );
  const prompts = list(state['prompts'], 'prompts').map((one, i) =>
    restorePrompt(one, image, `prompts[${i}]`),
  );
  checkIds([...objects, ...prompts]);
  const selected = restoreSelected(state, objects);
  return {
    image,
    counts: restoreCounts(state),
    document: {
      prompts,
      candidateIndex: wholeNumber(state['candidateIndex'], 'candidateIndex'),
      edits: list(state['edits'], 'edits').map((one, i) => restoreEdit(one, `edits[${i}]`)),
      refined: undefined,
      operation: oneOf(state['operation'], 'operation', ['new', 'add', 'subtract', 'intersect']),
      objects,
      selected,
    },
  };
}

export function restoreSelected(
  { selected }: Readonly<Record<string, unknown>>,
  objects: readonly { readonly id: string }[],
): string | null {
  if (selected !== null && !objects.some(({ id }) => id === selected)) {
    return refuse('selected', 'wanted null or the id of an object');
  }
  return selected as string | null;
}

export function restoreCounts(state: Readonly<Record<string, unknown>>): SessionState['counts'] {
  const counts = record(state['counts'], 'counts');
  return {
    ids: wholeNumber(counts['ids'], 'counts.ids'),
    objects: wholeNumber(counts['objects'], 'counts.objects'),
  };
}

function checkIds(identified: readonly { readonly id: string }[]): void {
  const ids = new Set(identified.map(({ id }) => id));
  if (ids.size !== identified.length) refuse('ids', 'wanted an id of its own for each');
}

function restoreObject(value: unknown, image: Size, at: string): SessionObject {
  const saved = record(value, at);
  const { alpha } = saved;
  return {
    ...restoreIdentity(saved, at),
    mask: restoreMask(saved['mask'], image, `${at}.mask`),
    ...(alpha !== undefined && { alpha: restoreAlpha(alpha, image, `${at}.alpha`) }),
  };
}

/** What tells an object from the others. */
export function restoreIdentity(
  saved: Readonly<Record<string, unknown>>,
  at: string,
): Omit<SessionObject, 'mask' | 'alpha'> {
  const { visible } = saved;
  if (typeof visible !== 'boolean') return refuse(`${at}.visible`, 'wanted true or false');
  return {
    id: text(saved['id'], `${at}.id`),
    name: text(saved['name'], `${at}.name`),
    color: restoreColor(saved['color'], `${at}.color`),
    visible,
  };
}

function restoreColor(value: unknown, at: string): RgbColor {
  const [red, green, blue, ...rest] = list(value, at).map((one) => wholeNumber(one, at, 255));
  if (blue === undefined || rest.length > 0) return refuse(at, 'wanted [red, green, blue]');
  return [red!, green!, blue];
}

export function restorePrompt(value: unknown, image: Size, at: string): SessionPrompt {
  const saved = record(value, at);
  const id = text(saved['id'], `${at}.id`);
  const kind = oneOf(saved['kind'], `${at}.kind`, ['point', 'box', 'lasso', 'scribble', 'mask']);
  try {
    switch (kind) {
      case 'point': {
        const label = restoreLabel(saved['label'], at);
        return pointPrompt(id, { ...restorePosition(saved, at), label }, image);
      }
      case 'box': {
        const box = record(saved['box'], `${at}.box`);
        const width = finite(box['width'], `${at}.box.width`);
        const height = finite(box['height'], `${at}.box.height`);
        return boxPrompt(id, { ...restorePosition(box, `${at}.box`), width, height }, image);
      }
      case 'lasso':
        return lassoPrompt(id, restorePath(saved, at), restoreLabel(saved['label'], at), image);
      case 'scribble':
        return scribblePrompt(id, restorePath(saved, at), restoreLabel(saved['label'], at), image);
      default:
        return maskPrompt(id, restoreMask(saved['mask'], image, `${at}.mask`), image);
    }
  } catch (error) {
    if (error instanceof SessionError && error.code === 'invalid-prompt') {
      return refuse(at, error.message);
    }
    throw error;
  }
}

function restoreLabel(value: unknown, at: string): 'include' | 'exclude' {
  return oneOf(value, `${at}.label`, ['include', 'exclude']);
}

function restorePath(saved: Readonly<Record<string, unknown>>, at: string): Position[] {
  return list(saved['path'], `${at}.path`).map((one, i) =>
    restorePosition(record(one, `${at}.path[${i}]`), `${at}.path[${i}]`),
  );
}

function restorePosition(saved: Readonly<Record<string, unknown>>, at: string): Position {
  return { x: finite(saved['x'], `${at}.x`), y: finite(saved['y'], `${at}.y`) };
}

function restoreEdit(value: unknown, at: string): MaskEdit {
  const saved = record(value, at);
  const kind = oneOf(saved['kind'], `${at}.kind`, [
    'grow',
    'shrink',
    'feather',
    'smooth',
    'fill-holes',
    'drop-islands',
    'invert',
  ]);
  if (kind === 'invert') return { kind };
  const { amount } = saved;
  if (amount === undefined && (kind === 'fill-holes' || kind === 'drop-islands')) return { kind };
  const pixels = finite(amount, `${at}.amount`);
  return pixels >= 0 ? { kind, amount: pixels } : refuse(`${at}.amount`, 'wanted 0 or more');
}
