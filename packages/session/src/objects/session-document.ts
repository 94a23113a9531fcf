import type { AlphaMask } from '@samgpu/mask';

import type { SessionPrompt } from '../prompts/session-prompt.ts';
import type { MaskEdit, MaskOperation, SessionObject } from './session-object.ts';

/** What undo goes back and forth between. Immutable. */
export interface SessionDocument {
  readonly prompts: readonly SessionPrompt[];
  readonly candidateIndex: number;
  readonly edits: readonly MaskEdit[];
  /** Refined edges of the draft as it is now; whatever changes the draft drops them. */
  readonly refined: AlphaMask | undefined;
  readonly operation: MaskOperation;
  readonly objects: readonly SessionObject[];
  readonly selected: string | null;
}

export const EMPTY_DOCUMENT: SessionDocument = {
  prompts: [],
  candidateIndex: 0,
  edits: [],
  refined: undefined,
  operation: 'new',
  objects: [],
  selected: null,
};

/** What goes when a draft goes. */
export const NO_DRAFT: Pick<SessionDocument, 'prompts' | 'candidateIndex' | 'edits' | 'refined'> = {
  prompts: [],
  candidateIndex: 0,
  edits: [],
  refined: undefined,
};
