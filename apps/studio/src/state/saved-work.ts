import type { SessionState } from '@samgpu/session';

import type { Background } from '../files/index.ts';

/** What is kept of the work on a picture, beside the picture itself. */
export interface SavedWork {
  /** Null: the picture had not been looked at yet. */
  readonly session: SessionState | null;
  readonly background: Background;
}

/** Another picture's pixels are not kept with the state; then there is nothing behind the objects. */
export function backgroundToSave(background: Background): Background {
  return background.kind === 'picture' ? { kind: 'transparent' } : background;
}

/** What was kept, as far as it is understood; the session checks its own part. */
export function savedWork(state: unknown): SavedWork {
  const { session = null, background } = (state ?? {}) as Partial<SavedWork>;
  return { session, background: isBackground(background) ? background : { kind: 'original' } };
}

function isBackground(value: unknown): value is Background {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind, color, radius } = value as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'original':
    case 'transparent':
      return true;
    case 'color':
      return Array.isArray(color) && color.length === 3 && color.every(Number.isFinite);
    case 'blur':
      return typeof radius === 'number' && radius >= 0 && radius <= 2000;
    default:
      return false;
  }
}
