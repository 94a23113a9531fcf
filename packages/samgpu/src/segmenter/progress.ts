/** How far a long operation has come. */
export interface Progress {
  /** `weights` are being loaded (bytes), graphs are being compiled (`compile`, in programs). */
  readonly stage: 'weights' | 'compile';
  readonly loaded: number;
  readonly total: number;
}

export type ProgressListener = (progress: Progress) => void;
