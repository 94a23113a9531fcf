import { fileURLToPath } from 'node:url';

/** A file or folder of this package's fixtures. */
export function fixture(path: string): string {
  return fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
}
