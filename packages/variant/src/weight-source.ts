/** A file of weights that is fetched when a model is first loaded, or that lies in its package. */
export interface WeightFile {
  readonly kind: 'file';
  /** Where it is published. What format it has, its content tells: safetensors, or one of `torch.save`. */
  readonly url: URL;
  /** Exact size, where it is known. */
  readonly bytes?: number;
  /**
   * Hex digest of the whole file. With none of the three the file is taken as the server gives it, so
   * pin the strongest one that upstream or a trustworthy third party publishes.
   */
  readonly sha256?: string;
  readonly md5?: string;
  /** The id that git gives the file. */
  readonly gitBlob?: string;
}

/** Weights whose terms keep samgpu from fetching them: the user brings them and answers for the terms. */
export interface BroughtWeights {
  readonly kind: 'brought';
  /** Why, as a sentence: what the licence is and what it asks for. */
  readonly reason: string;
  /** The page on which they are published. */
  readonly from: URL;
  /** What they are called there. */
  readonly files: readonly string[];
}

/** Where the weights of a variant come from. */
export type WeightSource = WeightFile | BroughtWeights;
