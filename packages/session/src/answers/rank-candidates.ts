import type { Mask } from '@samgpu/mask';

import type { Candidate } from '../engine/engine.ts';
import type { Position, SessionPrompt } from '../prompts/session-prompt.ts';

/** Share of a stroke, or of a mask in a box, from which on a prompt counts as satisfied. */
const MOST = 0.8;

/** Best first: those that satisfy more prompts, then a model's answer to a clear prompt, then scores. */
export function rankCandidates(
  candidates: readonly Candidate[],
  prompts: readonly SessionPrompt[],
): Candidate[] {
  const satisfied = new Map(candidates.map((one) => [one, promptsSatisfied(one.mask, prompts)]));
  return candidates.toSorted(
    (a, b) =>
      satisfied.get(b)! - satisfied.get(a)! ||
      Number(b.kind === 'single') - Number(a.kind === 'single') ||
      b.mask.score - a.mask.score,
  );
}

/** How many prompts a mask does justice to. */
export function promptsSatisfied(mask: Mask, prompts: readonly SessionPrompt[]): number {
  return prompts.filter((prompt) => satisfies(mask, prompt)).length;
}

function satisfies(mask: Mask, prompt: SessionPrompt): boolean {
  switch (prompt.kind) {
    case 'point':
      return mask.contains(prompt.x, prompt.y) === (prompt.label === 'include');
    case 'scribble':
      return shareOn(mask, prompt.path, prompt.label) >= MOST;
    case 'box': {
      const { x, y, width, height } = prompt.box;
      const { bounds } = mask;
      const across = overlap(bounds.x, bounds.width, x, width);
      const down = overlap(bounds.y, bounds.height, y, height);
      return mask.area > 0 && across * down >= MOST * bounds.width * bounds.height;
    }
    default:
      return true;
  }
}

function shareOn(mask: Mask, path: readonly Position[], label: 'include' | 'exclude'): number {
  const right = path.filter(({ x, y }) => mask.contains(x, y) === (label === 'include'));
  return right.length / path.length;
}

function overlap(from: number, length: number, otherFrom: number, otherLength: number): number {
  const start = Math.max(from, otherFrom);
  return Math.max(0, Math.min(from + length, otherFrom + otherLength) - start);
}
