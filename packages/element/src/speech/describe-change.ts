import type { SessionPrompt, SessionSnapshot } from '@samgpu/session';

import type { Messages } from './messages.ts';

/**
 * What a person who does not see the screen wants to know of a change.
 *
 * @returns undefined where there is nothing to say
 */
export function describeChange(
  before: SessionSnapshot | null,
  now: SessionSnapshot,
  messages: Messages,
): string | undefined {
  if (now.error !== null && now.error !== before?.error) return now.error.message;
  const said: string[] = [];
  if (now.image !== null && now.image.revision !== before?.image?.revision) {
    said.push(messages.ready(now.image.width, now.image.height));
  }
  const committed = committedName(before, now);
  if (committed !== undefined) said.push(messages.committed(committed));
  else if (before !== null) said.push(...describePrompts(before, now, messages));
  const mask = describeMask(before, now, messages);
  if (mask !== undefined) said.push(mask);
  if (committed === undefined && before !== null && now.selected !== before.selected) {
    const object = now.objects.find(({ id }) => id === now.selected);
    if (object) said.push(messages.selected(object.name));
  }
  return said.length === 0 ? undefined : said.join(' ');
}

function committedName(before: SessionSnapshot | null, now: SessionSnapshot): string | undefined {
  if (before?.state !== 'committing' || now.state === 'committing') return undefined;
  if (now.prompts.length > 0) return undefined;
  return now.objects.find((object) => !before.objects.includes(object))?.name;
}

function describePrompts(
  before: SessionSnapshot,
  now: SessionSnapshot,
  messages: Messages,
): string[] {
  if (now.prompts === before.prompts) return [];
  const added = now.prompts.filter((prompt) => !before.prompts.includes(prompt));
  if (added.length > 0) return added.map((prompt) => describePrompt(prompt, messages));
  return now.prompts.length < before.prompts.length ? [messages.promptRemoved] : [];
}

function describePrompt(prompt: SessionPrompt, messages: Messages): string {
  switch (prompt.kind) {
    case 'point':
      return messages.point(prompt.label, Math.round(prompt.x), Math.round(prompt.y));
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
