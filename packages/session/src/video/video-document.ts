import type { RgbColor } from '@samgpu/mask';

import type { SessionPrompt } from '../prompts/session-prompt.ts';
import { SessionError } from '../session-error.ts';

/** Something that is followed through a video. Immutable. */
export interface VideoObject {
  /** Unique in its session. */
  readonly id: string;
  /** From 1, as files name it. */
  readonly number: number;
  readonly name: string;
  readonly color: RgbColor;
  readonly visible: boolean;
}

/** What was said of one object, by frame. None of the lists is empty. */
export type ObjectPrompts = ReadonlyMap<number, readonly SessionPrompt[]>;

/** What undo goes back and forth between. Immutable. */
export interface VideoDocument {
  readonly objects: readonly VideoObject[];
  readonly selected: string | null;
  /** By the objects' ids. */
  readonly prompts: ReadonlyMap<string, ObjectPrompts>;
}

export const EMPTY_VIDEO_DOCUMENT: VideoDocument = {
  objects: [],
  selected: null,
  prompts: new Map(),
};

const NONE: ObjectPrompts = new Map();
const NO_PROMPTS: readonly SessionPrompt[] = [];

export function promptsOf(document: VideoDocument, id: string): ObjectPrompts {
  return document.prompts.get(id) ?? NONE;
}

export function promptsOn(
  document: VideoDocument,
  id: string | null,
  frame: number,
): readonly SessionPrompt[] {
  return (id === null ? undefined : promptsOf(document, id).get(frame)) ?? NO_PROMPTS;
}

/** @throws SessionError `unknown-object` */
export function videoObjectOf(document: VideoDocument, id: string): VideoObject {
  const object = document.objects.find((one) => one.id === id);
  if (object !== undefined) return object;
  throw new SessionError('unknown-object', `no object "${id}"; it may have been removed`);
}

export function withPrompts(
  document: VideoDocument,
  id: string,
  frame: number,
  prompts: readonly SessionPrompt[],
): VideoDocument {
  const own = new Map(promptsOf(document, id));
  if (prompts.length > 0) own.set(frame, prompts);
  else own.delete(frame);
  const all = new Map(document.prompts);
  if (own.size > 0) all.set(id, own);
  else all.delete(id);
  return { ...document, prompts: all };
}

/** @throws SessionError `unknown-object` */
export function withObject(
  document: VideoDocument,
  id: string,
  change: Partial<Omit<VideoObject, 'id' | 'number'>>,
): VideoDocument {
  const object = videoObjectOf(document, id);
  const objects = document.objects.map((one) => (one === object ? { ...one, ...change } : one));
  return { ...document, objects };
}

/** @throws SessionError `unknown-object` */
export function withoutObject(document: VideoDocument, id: string): VideoDocument {
  const object = videoObjectOf(document, id);
  const prompts = new Map(document.prompts);
  prompts.delete(id);
  return {
    objects: document.objects.filter((one) => one !== object),
    selected: document.selected === id ? null : document.selected,
    prompts,
  };
}

/** The first frame that something was said of; undefined where nothing was. */
export function firstPromptFrame({ prompts }: VideoDocument): number | undefined {
  const frames = [...prompts.values()].flatMap((own) => [...own.keys()]);
  return frames.length === 0 ? undefined : Math.min(...frames);
}
