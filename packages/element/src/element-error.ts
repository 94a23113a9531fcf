/**
 * What an element cannot do.
 *
 * - `no-model`: no model was given and none is registered, or none by that name
 * - `bad-source`: `src` cannot be fetched or is no picture
 * - `failed`: what went wrong is in `cause`
 */
export type SamCanvasErrorCode = 'no-model' | 'bad-source' | 'failed';

/** An error of a `<sam-canvas>` itself. Those of its session are `SessionError`s. */
export class SamCanvasError extends Error {
  override readonly name = 'SamCanvasError';
  readonly code: SamCanvasErrorCode;

  constructor(code: SamCanvasErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
