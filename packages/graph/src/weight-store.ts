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

/**
 * How the whole numbers of a quantised tensor become its values: each is multiplied by the scale of
 * its channel.
 */
export interface ChannelScales {
  /** Path of another tensor of the store: f32, one positive number per channel. */
  readonly path: string;
  /** Axis of the quantised tensor along which the channels lie. */
  readonly axis: number;
}

/** Shape and stored type of one tensor: all that tracing needs to know of it. */
export interface WeightInfo {
  readonly shape: readonly number[];
  readonly dtype: StoredType;
  /** Of a quantised tensor, which is i8. Without scales, the numbers are the values themselves. */
  readonly scales?: ChannelScales;
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
  /**
   * Where those bytes lie in a file, for backends that can map it into memory instead of having them
   * copied. Undefined where they lie in none, or not in one piece.
   */
  filePlace?(path: string): FilePlace | undefined;
}

/** A piece of a file on disk. */
export interface FilePlace {
  /** Absolute path. */
  readonly file: string;
  /** In bytes. */
  readonly offset: number;
  readonly byteLength: number;
}
