import type { SessionPrompt, SessionSnapshot } from '@samgpu/session';

import { committedObject } from '../session/snapshot-events.ts';
import type { Topic } from './announcer.ts';
import type { Messages } from './messages.ts';

/** What a person who does not see the screen wants to know of a change, errors aside. */
export function describeChange(
  before: SessionSnapshot | null,
  now: SessionSnapshot,
  messages: Messages,
): (readonly [topic: Topic, text: string])[] {
  const said: [Topic, string][] = [];
  if (now.image !== null && now.image.revision !== before?.image?.revision) {
    said.push(['picture', messages.ready(now.image.width, now.image.height)]);
  }
  const committed = committedObject(before, now);
  if (committed !== undefined) said.push(['object', messages.committed(committed.name)]);
  else if (before !== null) {
    const prompts = describePrompts(before, now, messages);
    if (prompts !== '') said.push(['prompt', prompts]);
    const object = now.objects.find(({ id }) => id === now.selected);
    if (object !== undefined && now.selected !== before.selected) {
      said.push(['object', messages.selected(object.name)]);
    }
  }
  const mask = describeMask(before, now, messages);
  if (mask !== undefined) said.push(['mask', mask]);
  return said;
}

function describePrompts(
  before: SessionSnapshot,
  now: SessionSnapshot,
  messages: Messages,
): string {
  if (now.prompts === before.prompts) return '';
  const added = now.prompts.filter((prompt) => !before.prompts.includes(prompt));
  if (added.length > 0) return added.map((prompt) => describePrompt(prompt, messages)).join(' ');
  return now.prompts.length < before.prompts.length ? messages.promptRemoved : '';
}

function describePrompt(prompt: SessionPrompt, messages: Messages): string {
  switch (prompt.kind) {
    case 'point':
      return messages.point(prompt.label, Math.floor(prompt.x), Math.floor(prompt.y));
    case 'box': {
      const { x, y, width, height } = prompt.box;
      const rounded = [x, y, width, height].map((value) => Math.round(value));
      return messages.box(...(rounded as [number, number, number, number]));
    }
    case 'lasso':
      return messages.lasso(prompt.label);
    case 'scribble':
      return messages.scribble(prompt.label);
    default:
      return '';
  }
}

function describeMask(
  before: SessionSnapshot | null,
  now: SessionSnapshot,
  messages: Messages,
): string | undefined {
  const { draft, candidates, candidateIndex, pending } = now;
  if (draft === null || pending || draft.mask === before?.draft?.mask) return undefined;
  const { area, width, height, score } = draft.mask;
  if (area === 0) return messages.nothingThere;
  const percent = Math.round((100 * area) / (width * height));
  return messages.candidate(candidateIndex + 1, candidates.length, percent, score);
}
