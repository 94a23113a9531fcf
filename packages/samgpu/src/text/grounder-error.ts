/**
 * What is wrong with words, or with a grounder.
 *
 * - `no-words`: nothing to look for
 * - `invalid-option`: an address or a limit that an adapter cannot use
 * - `invalid-answer`: it gave something else than boxes with scores
 * - `failed`: its own error, in `cause`
 * - `unreachable`: the server does not answer
 * - `refused`: the server answered with an error
 * - `timeout`: it took longer than it may
 * - `too-large`: a picture or an answer of more bytes than are allowed
 */
export type GrounderErrorCode =
  | 'no-words'
  | 'invalid-option'
  | 'invalid-answer'
  | 'failed'
  | 'unreachable'
  | 'refused'
  | 'timeout'
  | 'too-large';

/** Words could not be turned into boxes. The message names the grounder and says what to do. */
export class GrounderError extends Error {
  override readonly name = 'GrounderError';
  readonly code: GrounderErrorCode;

  constructor(code: GrounderErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
