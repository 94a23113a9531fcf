import type { ModelChoice } from '../engine/model-description.ts';
import type { SessionDocument } from '../objects/session-document.ts';
import type { SessionPrompt } from '../prompts/session-prompt.ts';
import type { SessionImage } from '../snapshot.ts';
import { saveAlpha, saveMask } from './saved-masks.ts';
import type { SavedObject, SavedPrompt, SessionState } from './session-state.ts';

export function savePrompt(prompt: SessionPrompt): SavedPrompt {
  return prompt.kind === 'mask' ? { ...prompt, mask: saveMask(prompt.mask) } : prompt;
}

/** What was loaded, without weights of the user's own. */
export function saveChoice(choice: ModelChoice | null): SessionState['model'] {
  return choice && { name: choice.name, ...(choice.backend && { backend: choice.backend }) };
}

/** A session as plain data. */
export function saveState(
  { width, height, name }: SessionImage,
  model: ModelChoice | null,
  { prompts, candidateIndex, edits, operation, objects, selected }: SessionDocument,
  counts: SessionState['counts'],
): SessionState {
  return {
    format: 'samgpu-session',
    version: 1,
    image: { width, height, name },
    model: saveChoice(model),
    prompts: prompts.map(savePrompt),
    candidateIndex,
    edits,
    operation,
    objects: objects.map(({ mask, alpha, ...object }): SavedObject => ({
      ...object,
      mask: saveMask(mask),
      ...(alpha && { alpha: saveAlpha(alpha) }),
    })),
    selected,
    counts,
  };
}
