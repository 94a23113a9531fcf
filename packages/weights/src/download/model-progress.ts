export interface ModelProgress {
  /**
   * - `waiting`: another page, process or call loads the same file
   * - `checking`: what an earlier call left, or a stored file, is hashed
   * - `downloading`: bytes arrive
   * - `retrying`: an attempt failed, and after a pause there is another one
   * - `done`: the file is there
   */
  readonly phase: 'waiting' | 'checking' | 'downloading' | 'retrying' | 'done';
  /** Bytes that are there, with what an earlier call left. Falls back to 0 when a download starts over. */
  readonly loaded: number;
  /** Bytes in all, undefined where neither the caller nor the server says. */
  readonly total: number | undefined;
  /** Bytes of `loaded` that an earlier call left. */
  readonly resumed: number;
  /** Of `retrying`: what went wrong. */
  readonly reason?: string;
}

export type OnModelProgress = (progress: ModelProgress) => void;
