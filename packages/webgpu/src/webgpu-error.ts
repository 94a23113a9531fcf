/**
 * What went wrong:
 *
 * - `no-webgpu`: there is no WebGPU here: an old browser, an insecure page, Node without the package `webgpu`
 * - `no-adapter`: WebGPU is here and offers no adapter, or only a software one where a real one is wanted
 * - `device-lost`: the device is gone, and with it every value on it
 * - `out-of-memory`: the device has no room for a buffer
 * - `unsupported`: the device's limits do not let the graph run
 * - `variants`: a table of kernel variants names what there is not
 * - `weights`: a weight is missing, or its bytes do not fit what the graph was traced with
 * - `input`: a value handed to a program does not fit
 * - `image`: a texture, or an image of the browser, that cannot be read on this device
 * - `validation`: WebGPU refused something that we made: a mistake in this package or in a driver
 * - `not-a-number`: an operation gave NaN, found in debug mode
 * - `disposed`: something was used after it was disposed of
 */
export type WebGpuErrorCode =
  | 'no-webgpu'
  | 'no-adapter'
  | 'device-lost'
  | 'out-of-memory'
  | 'unsupported'
  | 'variants'
  | 'weights'
  | 'input'
  | 'image'
  | 'validation'
  | 'not-a-number'
  | 'disposed';

/** Sizes that an error is about, in bytes or as the limit counts. */
export interface WebGpuErrorSizes {
  readonly got: number;
  readonly limit?: number | undefined;
}

/** Thrown by everything in this package. The message says what was got, what was wanted and the fix. */
export class WebGpuError extends Error {
  override readonly name = 'WebGpuError';
  readonly code: WebGpuErrorCode;
  /** Of `out-of-memory` and `unsupported`, where a size is what is wrong. */
  readonly sizes: WebGpuErrorSizes | undefined;

  constructor(
    code: WebGpuErrorCode,
    message: string,
    options: ErrorOptions & { readonly sizes?: WebGpuErrorSizes } = {},
  ) {
    super(message, options);
    this.code = code;
    this.sizes = options.sizes;
  }
}

/** The message of whatever was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Bytes as people read them. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? ''}`;
}
