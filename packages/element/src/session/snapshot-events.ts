import type { EngineProgress, SessionObject, SessionSnapshot } from '@samgpu/session';

import type { Emit, SamProgressDetail } from '../sam-canvas-events.ts';

/**
 * Tells a page what changed between two snapshots, errors aside.
 *
 * @param told - objects whose commit the page knows of: doing it again is no other one
 */
export function emitChanges(
  before: SessionSnapshot | null,
  now: SessionSnapshot,
  told: WeakSet<SessionObject>,
  emit: Emit,
): void {
  if (now.state !== before?.state || now.pending !== before.pending) {
    emit('sam-state', { state: now.state, pending: now.pending });
  }
  if (now.progress !== null && now.progress !== before?.progress) {
    emit('sam-progress', withFraction(now.progress));
  }
  if (now.draft !== (before?.draft ?? null)) {
    const { draft, candidates, candidateIndex } = now;
    emit('sam-mask', { mask: draft?.mask ?? null, draft, candidates, candidateIndex });
  }
  if (now.objects !== before?.objects || now.selected !== before.selected) {
    const hadNone = before === null && now.objects.length === 0;
    if (!hadNone) emit('sam-objects', { objects: now.objects, selected: now.selected });
  }
  const object = committedObject(before, now);
  if (object === undefined || told.has(object)) return;
  told.add(object);
  emit('sam-commit', { object });
}

/** The object that a commit made or changed between two snapshots. */
export function committedObject(
  before: SessionSnapshot | null,
  now: SessionSnapshot,
): SessionObject | undefined {
  if (before === null || now.objects === before.objects) return undefined;
  // What else changes objects leaves the prompts as they are.
  if (before.prompts.length === 0 || now.prompts.length > 0) return undefined;
  return now.objects.find((object) => !before.objects.includes(object));
}

export function withFraction(progress: EngineProgress): SamProgressDetail {
  const { loaded, total } = progress;
  const fraction = total === undefined || total === 0 ? undefined : Math.min(1, loaded / total);
  return { ...progress, fraction };
}
