/** How far a long operation has come. */
export interface Progress {
  /** `weights` are being loaded (bytes), graphs are being compiled (`compile`, in programs). */
  readonly stage: 'weights' | 'compile';
  /**
   * Of weights that are downloaded. `waiting`: another process or page loads the same file.
   * `checking`: what is stored is hashed. `retrying`: an attempt failed, and there will be another
   * one. `done`: they are there.
   */
  readonly phase?: 'waiting' | 'checking' | 'downloading' | 'retrying' | 'done';
  readonly loaded: number;
  /** Undefined where neither the model nor the server says. */
  readonly total: number | undefined;
  /** Bytes of `loaded` that an earlier call left. */
  readonly resumed?: number;
  /** Of `retrying`: what went wrong. */
  readonly reason?: string;
}

export type ProgressListener = (progress: Progress) => void;
