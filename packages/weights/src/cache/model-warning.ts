/** Something that the user may want to know, but that did not keep the model from being loaded. */
export interface ModelWarning {
  /**
   * - `memory-only`: the file could not be stored, and must be downloaded again next time
   * - `cache-damaged`: a stored file was not what it should be, was removed, and is downloaded again
   * - `not-revalidated`: the server could not be asked whether a stored file without a pinned hash is still current
   */
  readonly code: 'memory-only' | 'cache-damaged' | 'not-revalidated';
  readonly message: string;
}

export type OnModelWarning = (warning: ModelWarning) => void;
