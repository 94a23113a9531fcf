/**
 * What the process ends with. The numbers are documented in `samgpu --help` and in the README.
 *
 * - `success`: all that was asked for was done
 * - `failure`: a picture (or several) failed; the others were written
 * - `usage`: nothing was done, because the arguments make no sense, the output cannot be written,
 *   or the model does not load
 * - `interrupted`, `terminated`: 128 plus the number of the signal, as shells count
 */
export const exitCodes = {
  success: 0,
  failure: 1,
  usage: 2,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
