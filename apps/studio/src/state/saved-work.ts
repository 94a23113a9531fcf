import type { SessionState } from '@samgpu/session';

import { isKeptFileName } from '../files/store/kept-files.ts';
import type { Background } from '../files/studio-document.ts';

type BackgroundPicture = Background & { readonly kind: 'picture' };

/** A background as JSON: the pixels of another picture are a file beside it. */
export type SavedBackground =
  | Exclude<Background, BackgroundPicture>
  | (Omit<BackgroundPicture, 'picture'> & { readonly file: string });

/** What is kept of the work on a picture, beside the picture itself. */
export interface SavedWork {
  /** Null: the picture had not been looked at yet. */
  readonly session: SessionState | null;
  readonly background: SavedBackground;
}

/** What was kept, as far as it is understood; the session checks its own part. */
export function savedWork(state: unknown): SavedWork {
  const { session = null, background } = (state ?? {}) as Partial<SavedWork>;
  return { session, background: isBackground(background) ? background : { kind: 'original' } };
}

function isBackground(value: unknown): value is SavedBackground {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind, color, radius, fit, file } = value as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'original':
    case 'transparent':
      return true;
    case 'color':
      return isColor(color);
    case 'blur':
      return typeof radius === 'number' && radius >= 0 && radius <= 2000;
    case 'picture':
      return (
        (fit === 'cover' || fit === 'contain') &&
        isKeptFileName(file) &&
        (color === undefined || isColor(color))
      );
    default:
      return false;
  }
}

function isColor(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && value.every(Number.isFinite);
}
