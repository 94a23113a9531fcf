import type { AlphaMask, Mask } from '@samgpu/mask';
import type { BackendInfo } from 'samgpu';

import type { Candidate, EngineProgress, FoundObject } from './engine/engine.ts';
import type { LoadedModel } from './engine/model-description.ts';
import type { MaskEdit, MaskOperation, SessionObject } from './objects/session-object.ts';
import type { Position, SessionPrompt } from './prompts/session-prompt.ts';
import type { SessionError } from './session-error.ts';

/**
 * - `idle`: no model or no image yet
 * - `loading`: a model is being loaded
 * - `encoding`: an image is being encoded
 * - `ready`: a click away from a mask
 * - `prompting`: there are prompts; `pending` tells whether their answer is still awaited
 * - `committing`: the draft is becoming an object
 */
export type SessionPhase = 'idle' | 'loading' | 'encoding' | 'ready' | 'prompting' | 'committing';

/** The image that is open. */
export interface SessionImage {
  readonly width: number;
  readonly height: number;
  readonly name: string;
  /** Grows with every image that is opened. */
  readonly revision: number;
}

/** What would be committed now. */
export interface Draft {
  /** After operation and edits. */
  readonly mask: Mask;
  /** Soft edges, where there are some: a feather, or a refined edge. */
  readonly alpha?: AlphaMask;
  readonly edits: readonly MaskEdit[];
  /** Id of the object that a commit changes; null where it makes a new one. */
  readonly target: string | null;
}

/** What a click would take. */
export interface Hover {
  readonly point: Position;
  readonly mask: Mask;
}

/** Objects found by `everything` or `findText`. */
export interface Finding {
  readonly state: 'running' | 'done' | 'failed';
  /** Words that were searched for; undefined for everything. */
  readonly words?: string;
  readonly progress: EngineProgress | null;
  /** In the order found; at the end the final list. */
  readonly found: readonly FoundItem[];
}

export interface FoundItem extends FoundObject {
  /** For `take`. */
  readonly id: string;
}

/** All that a user interface shows. Immutable: a change makes a new one. */
export interface SessionSnapshot {
  readonly state: SessionPhase;
  /** An answer to the prompts, or a refined edge, is awaited. */
  readonly pending: boolean;
  /** Of loading, encoding, finding or refining, while one of them runs. */
  readonly progress: EngineProgress | null;
  /** The last thing that failed, until something of its kind succeeds or `dismissError`. */
  readonly error: SessionError | null;
  readonly model: LoadedModel | null;
  readonly backend: BackendInfo | null;
  readonly image: SessionImage | null;
  /** Name of the image that is being opened. */
  readonly opening: string | null;
  /** Grows with every change of the prompts. */
  readonly promptVersion: number;
  readonly prompts: readonly SessionPrompt[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What `undo` would take back, in words. */
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
  /** Best first: prompts satisfied, then score. Of the current prompts, or of the latest answered. */
  readonly candidates: readonly Candidate[];
  readonly candidateIndex: number;
  readonly draft: Draft | null;
  readonly hover: Hover | null;
  readonly operation: MaskOperation;
  readonly objects: readonly SessionObject[];
  /** Id of the selected object. */
  readonly selected: string | null;
  readonly everything: Finding | null;
}
