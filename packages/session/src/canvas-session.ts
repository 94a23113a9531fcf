import type { Session } from './session.ts';

/** What of a session a canvas shows and changes: `Session` has it, and so has `VideoSession.canvas`. */
export type CanvasSession = Pick<
  Session,
  | 'addLasso'
  | 'addPoint'
  | 'addScribble'
  | 'cancel'
  | 'commit'
  | 'cycle'
  | 'device'
  | 'hover'
  | 'movePrompt'
  | 'open'
  | 'picture'
  | 'redo'
  | 'removePrompt'
  | 'select'
  | 'setBox'
  | 'snapshot'
  | 'subscribe'
  | 'undo'
>;
