import type { Box, CompressedRle, RgbColor } from '@samgpu/mask';
import type { BackendChoice } from 'samgpu';

import type { MaskEdit, MaskOperation } from '../objects/session-object.ts';
import type {
  BoxPrompt,
  LassoPrompt,
  PointPrompt,
  ScribblePrompt,
} from '../prompts/session-prompt.ts';

/** Soft edges, in text. */
export interface SavedAlpha {
  /** What of the image is not 0. */
  readonly bounds: Box;
  /** That part row by row, one byte per pixel, through PackBits and base64. */
  readonly data: string;
}

export interface SavedObject {
  readonly id: string;
  readonly name: string;
  readonly color: RgbColor;
  readonly visible: boolean;
  readonly mask: CompressedRle;
  readonly alpha?: SavedAlpha;
}

export type SavedPrompt =
  | PointPrompt
  | BoxPrompt
  | LassoPrompt
  | ScribblePrompt
  | { readonly id: string; readonly kind: 'mask'; readonly mask: CompressedRle };

/**
 * A session as plain data, for `JSON.stringify`, `structuredClone` and databases. It holds neither pixels of the
 * image, nor weights, nor the history of undo.
 */
export interface SessionState {
  readonly format: 'samgpu-session';
  readonly version: 1;
  readonly image: { readonly width: number; readonly height: number; readonly name: string };
  /** What was loaded, without weights of the user's own. */
  readonly model: { readonly name: string; readonly backend?: BackendChoice } | null;
  readonly prompts: readonly SavedPrompt[];
  readonly candidateIndex: number;
  readonly edits: readonly MaskEdit[];
  readonly operation: MaskOperation;
  /** Back to front. */
  readonly objects: readonly SavedObject[];
  readonly selected: string | null;
  /** How many ids were given away, and how many objects named. */
  readonly counts: { readonly ids: number; readonly objects: number };
}
