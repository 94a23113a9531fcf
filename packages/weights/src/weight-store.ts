import type { WeightDtype } from './dtype.ts';

/**
 * How the whole numbers of a quantised tensor become its values: each is multiplied by the scale of
 * its channel.
 */
export interface ChannelScales {
  /** Path of another tensor of the store: f32, one number per channel. */
  readonly path: string;
  /** Axis of the quantised tensor along which the channels lie. */
  readonly axis: number;
}

export interface WeightInfo {
  /** Row-major, outermost axis first. Empty for a scalar. */
  readonly shape: readonly number[];
  readonly dtype: WeightDtype;
  /**
   * Of a quantised tensor, which is i8. `read` gives its whole numbers; {@link readFloat32} and
   * {@link dequantized} give values.
   */
  readonly scales?: ChannelScales;
}

/** Named tensors, read on demand. Structurally the store that `@samgpu/graph` asks for. */
export interface WeightStore {
  readonly tensors: ReadonlyMap<string, WeightInfo>;
  /** Identifies the content: two stores with equal fingerprints hold equal tensors. */
  readonly fingerprint: string;
  /**
   * Raw little-endian bytes in the stored dtype, row-major.
   *
   * May be a view into shared memory: do not write to it.
   *
   * @throws WeightsError with code `missing-tensor` if there is no such tensor
   */
  read(path: string, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * Where the bytes that {@link WeightStore.read} gives lie in a file on disk, undefined where they lie in none or not in
   * one piece.
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

export interface ChunkOptions {
  /** Bytes per chunk, rounded down to whole elements (but at least one). Default 16 MiB. */
  readonly chunkSize?: number;
  readonly signal?: AbortSignal;
}

/** A {@link WeightStore} that can also stream a tensor, carries the file's notes, and owns what it reads from. */
export interface OpenWeights extends WeightStore {
  /** The free text that the file carries, empty if it has none. */
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * The bytes that {@link WeightStore.read} gives, in order and in pieces, for tensors too large to hold twice.
   * Each chunk holds whole elements; only the last may be shorter than the others.
   *
   * @throws WeightsError with code `missing-tensor` if there is no such tensor
   */
  readChunks(path: string, options?: ChunkOptions): AsyncIterable<Uint8Array>;
  /** Closes the source below. Bytes in memory that were handed out stay valid. */
  close(): Promise<void>;
}
