/**
 * What went wrong, for programs. The message says it for people.
 *
 * - `header-length`: the header's stated length is beyond what the format allows
 * - `header-encoding`: the header is not UTF-8
 * - `header-json`: the header is not the JSON that the format asks for
 * - `duplicate-name`: a name occurs twice in one JSON object, a file in an archive, or a tensor in two shards
 * - `metadata`: `__metadata__` is not a map from text to text
 * - `dtype`: an element type that is unknown, or that this library does not read
 * - `shape`: a shape that is not a list of whole numbers, or is too large to count
 * - `offsets`: byte ranges that are malformed, overlap, leave holes or lie outside of their storage
 * - `size`: a byte count that does not follow from shape and dtype
 * - `truncated`: the content ends before what its header promises
 * - `trailing-bytes`: the content goes on after what its header promises
 * - `checksum-mismatch`: the content does not have the wanted hash
 * - `missing-tensor`: no tensor of this name
 * - `shard-index`: an index file that does not fit its shards, or names a shard that is not a plain file name
 * - `format`: not a file of weights, or one in a form that is not read, such as TorchScript
 * - `zip`: an archive that is malformed or contradicts itself
 * - `pickle`: a pickle that is malformed, beyond the limits, or has an operation that no checkpoint needs
 * - `forbidden-global`: a pickle names a class or function that is not needed to describe tensors
 * - `state-dict`: no tensors, or several candidates, where the state dict was looked for
 * - `read-failed`: the file or blob could not be read
 * - `fetch-failed`: the download failed
 * - `wrong-length`: a file that is longer or shorter than it should be
 * - `not-a-model`: a file without a pinned hash is not what weights look like, for instance an error page
 * - `no-space`: the disk, the browser's storage or the memory is too small
 * - `cache-failed`: the place where models are kept cannot be used
 * - `write-failed`: a file could not be written
 * - `would-overwrite`: something is there already
 * - `unsupported`: not possible on this platform
 * - `argument`: the caller passed something meaningless
 */
export type WeightsErrorCode =
  | 'header-length'
  | 'header-encoding'
  | 'header-json'
  | 'duplicate-name'
  | 'metadata'
  | 'dtype'
  | 'shape'
  | 'offsets'
  | 'size'
  | 'truncated'
  | 'trailing-bytes'
  | 'checksum-mismatch'
  | 'missing-tensor'
  | 'shard-index'
  | 'format'
  | 'zip'
  | 'pickle'
  | 'forbidden-global'
  | 'state-dict'
  | 'read-failed'
  | 'fetch-failed'
  | 'wrong-length'
  | 'not-a-model'
  | 'no-space'
  | 'cache-failed'
  | 'write-failed'
  | 'would-overwrite'
  | 'unsupported'
  | 'argument';

/** Weights that cannot be read, or cannot be what they claim to be. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';
  readonly code: WeightsErrorCode;

  constructor(code: WeightsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether half of a surrogate pair stands alone, which no UTF-8 can say. JSON can, by an escape. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

const longestQuote = 120;

/** A value from an untrusted header as it appears in a message: JSON, shortened. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}…`;
}
