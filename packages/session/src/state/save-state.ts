import type { ModelChoice } from '../engine/model-description.ts';
import type { SessionDocument } from '../objects/session-document.ts';
import type { SessionImage } from '../snapshot.ts';
import { saveAlpha, saveMask } from './saved-masks.ts';
import type { SavedObject, SavedPrompt, SessionState } from './session-state.ts';

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
    model: model && { name: model.name, ...(model.backend && { backend: model.backend }) },
    prompts: prompts.map((prompt): SavedPrompt =>
      prompt.kind === 'mask' ? { ...prompt, mask: saveMask(prompt.mask) } : prompt,
    ),
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
