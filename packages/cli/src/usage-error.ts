/** The command cannot start as it was given. The message names what was got, what was wanted and the fix. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
