import type { Mask } from '@samgpu/mask';
import type {
  Candidate,
  Draft,
  EngineProgress,
  SessionError,
  SessionObject,
  SessionPhase,
} from '@samgpu/session';
import type { PointLabel } from 'samgpu';

import type { SamCanvasError } from './element-error.ts';
import type { Tool } from './tools/prompt-tools.ts';
import type { View } from './view/view.ts';

/** What would be accepted now; all but `mask` and `draft` are those of the model's answer. */
export interface SamMaskDetail {
  /** Null where there is none any longer. */
  readonly mask: Mask | null;
  readonly draft: Draft | null;
  readonly candidates: readonly Candidate[];
  readonly candidateIndex: number;
}

export interface SamStateDetail {
  readonly state: SessionPhase;
  /** Whether an answer of the model is awaited. */
  readonly pending: boolean;
}

export interface SamProgressDetail extends EngineProgress {
  /** From 0 to 1, where it is known. */
  readonly fraction: number | undefined;
}

export interface SamObjectsDetail {
  readonly objects: readonly SessionObject[];
  readonly selected: string | null;
}

/** Details of the events of a `<sam-canvas>`, by name. They bubble, and leave shadow trees. */
export interface SamCanvasEvents {
  /** There is another mask, or none any longer. */
  readonly 'sam-mask': SamMaskDetail;
  /** A mask was accepted: by Enter, or `commit()`. */
  readonly 'sam-commit': { readonly object: SessionObject };
  /** Objects, or the selected one, are others. */
  readonly 'sam-objects': SamObjectsDetail;
  /** Loading or encoding began, ended, or an answer is awaited. */
  readonly 'sam-state': SamStateDetail;
  /** How far loading, encoding or the like has come. */
  readonly 'sam-progress': SamProgressDetail;
  readonly 'sam-error': { readonly error: SamCanvasError | SessionError };
  /** The picture was moved, zoomed or turned. */
  readonly 'sam-view': { readonly view: View };
  /** A key chose another tool or label. */
  readonly 'sam-tool': { readonly tool: Tool; readonly label: PointLabel };
}

export type SamCanvasEventName = keyof SamCanvasEvents;

/** Events as listeners get them. */
export type SamCanvasEventMap = {
  readonly [Name in SamCanvasEventName]: CustomEvent<SamCanvasEvents[Name]>;
};

/** Sends an event of an element. */
export type Emit = <Name extends SamCanvasEventName>(
  name: Name,
  detail: SamCanvasEvents[Name],
) => void;
