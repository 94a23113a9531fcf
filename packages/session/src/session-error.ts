const CODES = [
  'no-model',
  'no-image',
  'no-draft',
  'invalid-prompt',
  'invalid-edit',
  'unknown-prompt',
  'unknown-object',
  'unknown-candidate',
  'unknown-found',
  'unknown-model',
  'unsupported',
  'superseded',
  'cancelled',
  'failed',
  'refused',
  'device-lost',
  'engine-lost',
  'image-lost',
  'host-failed',
  'invalid-state',
  'disposed',
] as const;

/**
 * What a session, or its engine, cannot do.
 *
 * - `no-model`, `no-image`: nothing is loaded or open yet
 * - `no-draft`: there is nothing to commit, edit or refine
 * - `invalid-prompt`: coordinates or paths that do not fit the image
 * - `invalid-edit`: an edit of an unknown kind or amount
 * - `unknown-prompt`, `unknown-object`, `unknown-candidate`, `unknown-found`, `unknown-model`: no such id
 * - `unsupported`: the engine or the model cannot do this
 * - `superseded`: a newer call of the same kind took its place
 * - `cancelled`: `cancel()` ended it
 * - `failed`: the engine's own error, in `cause`
 * - `refused`: the server does not serve this page, or wants a token
 * - `device-lost`: the GPU went away and did not come back
 * - `engine-lost`: the worker ended or the server cannot be reached; `recover()` starts anew
 * - `image-lost`: the engine no longer has the image; it is encoded again
 * - `host-failed`: the editor refused pixels, an overlay or a result
 * - `invalid-state`: a saved state that cannot be restored
 * - `disposed`: the session or the engine was disposed of
 */
export type SessionErrorCode = (typeof CODES)[number];

export function isSessionErrorCode(code: unknown): code is SessionErrorCode {
  return CODES.includes(code as SessionErrorCode);
}

/** A session was asked for something that it cannot do. The message says what to do instead. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Any error as one of a session; its own errors stay as they are. */
export function asSessionError(error: unknown): SessionError {
  if (error instanceof SessionError) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  const isLoss = error instanceof Error && 'code' in error && error.code === 'device-lost';
  return new SessionError(isLoss ? 'device-lost' : 'failed', message, { cause: error });
}
