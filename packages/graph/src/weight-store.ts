/** How a tensor's elements are stored in a weight file, little-endian. */
export type StoredType =
  | 'f64'
  | 'f32'
  | 'f16'
  | 'bf16'
  | 'i64'
  | 'i32'
  | 'i16'
  | 'i8'
  | 'u8'
  | 'bool';

/** Shape and stored type of one tensor: all that tracing needs to know of it. */
export interface WeightInfo {
  readonly shape: readonly number[];
  readonly dtype: StoredType;
}

/** The tensors of a model by checkpoint path, as far as tracing is concerned. */
export type WeightManifest = ReadonlyMap<string, WeightInfo>;

/** The tensors of a model with their values. */
export interface WeightStore {
  readonly tensors: WeightManifest;
  /** Identifies the content: two stores with equal fingerprints hold equal tensors. */
  readonly fingerprint: string;
  /**
   * Raw little-endian bytes in the stored type, row-major.
   *
   * They may be a view into memory that others read too: do not write to them.
   */
  read(path: string): Promise<Uint8Array>;
}
