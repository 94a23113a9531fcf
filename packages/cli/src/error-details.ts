/** An error as `--json` writes it. */
export interface ErrorDetails {
  /** The class, for example `ImageError`. */
  readonly name: string;
  /** For programs, for example `not-found`. `unexpected` for errors that nobody foresaw. */
  readonly code: string;
  /** For people. */
  readonly message: string;
}

export function errorDetails(error: unknown): ErrorDetails {
  if (!(error instanceof Error)) {
    return { name: 'Error', code: 'unexpected', message: String(error) };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected';
  return { name: error.name, code, message: inOptions(error.message) };
}

/** A message of the library with its options as they are called on the command line. */
export function inOptions(message: string): string {
  return message
    .replaceAll('the option maxPixels', '--max-pixels')
    .replace(/^segment(?:Everything|Text): /, '')
    .replaceAll('set the option replace', 'add --force')
    .replaceAll('the option weights', '--weights')
    .replaceAll(/\bbackend: '(\w+)'(?: or '(\w+)')?/g, (_, first: string, second?: string) =>
      second === undefined ? `--backend ${first}` : `--backend ${first} or ${second}`,
    );
}

/** The code of a system error such as `ENOENT`, if the value is one. */
export function systemCode(error: unknown): string | undefined {
  const isSystemError = error instanceof Error && 'syscall' in error && 'code' in error;
  return isSystemError && typeof error.code === 'string' ? error.code : undefined;
}
