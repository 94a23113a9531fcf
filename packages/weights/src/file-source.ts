import { platform } from '#platform';

import type { ByteSource } from './byte-source.ts';

/**
 * Opens a file on disk. Only what is read is loaded. Close the source, or the store that was opened on it, when done.
 *
 * @throws WeightsError with code `read-failed` if it cannot be opened, `unsupported` in a browser
 */
export function openFileSource(path: string | URL): Promise<ByteSource> {
  return platform.openFile(path);
}
