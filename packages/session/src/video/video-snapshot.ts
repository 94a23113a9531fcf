import type { Mask } from '@samgpu/mask';
import type { BackendInfo, ImageInput } from 'samgpu';

import type { EngineProgress } from '../engine/engine.ts';
import type { LoadedModel } from '../engine/model-description.ts';
import type { SessionPrompt } from '../prompts/session-prompt.ts';
import type { SessionError } from '../session-error.ts';
import type { KeptMask } from './track-results.ts';
import type { VideoObject } from './video-document.ts';

/** The video that is open. */
export interface OpenVideo {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Frames that it has. */
  readonly count: number;
  /** Whether that is sure; otherwise it is what the file says, and becomes sure at the end. */
  readonly isCountSure: boolean;
  /** Frames per second; undefined for a folder of images. */
  readonly frameRate: number | undefined;
  /** What the images of a folder are called. */
  readonly names: readonly string[] | undefined;
}

/** First and last frame, both included. */
export interface FrameRange {
  readonly from: number;
  readonly to: number;
}

/** How far following has come. */
export interface Following {
  readonly direction: 'forward' | 'backward';
  /** The latest frame. */
  readonly frame: number;
  readonly done: number;
  readonly total: number;
  /** Undefined before the first frame. */
  readonly secondsLeft: number | undefined;
}

/** An object on the frame that is shown. */
export interface FrameMask {
  readonly object: VideoObject;
  readonly mask: Mask;
  /** What the mask was made of. */
  readonly kept: KeptMask;
  readonly occluded: boolean;
}

/** All that a user interface shows. Immutable: a change makes a new one. */
export interface VideoSnapshot {
  /** What is being loaded or opened. */
  readonly busy: 'loading' | 'opening' | null;
  /** Of loading a model. */
  readonly progress: EngineProgress | null;
  /** The last thing that failed, until something of its kind succeeds or `dismissError`. */
  readonly error: SessionError | null;
  readonly model: LoadedModel | null;
  readonly backend: BackendInfo | null;
  readonly video: OpenVideo | null;
  /** The frame that is wanted; `shown` is on the way there. */
  readonly frame: number;
  readonly shown: number;
  /** The frame that is shown. Its owner is the video: draw it before another one is read. */
  readonly picture: ImageInput | null;
  readonly range: FrameRange;
  readonly objects: readonly VideoObject[];
  readonly selected: string | null;
  /** Of the selected object, on the frame that is shown. */
  readonly prompts: readonly SessionPrompt[];
  /** Of all objects, on the frame that is shown. */
  readonly masks: readonly FrameMask[];
  /** An answer to prompts is awaited. */
  readonly asking: boolean;
  readonly following: Following | null;
  /** Whether something was said since objects were last followed. */
  readonly isOutdated: boolean;
  /** Grows with everything that is found: `coverageOf` tells what. */
  readonly resultVersion: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
}
