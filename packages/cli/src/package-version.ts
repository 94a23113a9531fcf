import { readFileSync } from 'node:fs';

/** The version of a package, by its `package.json`. Default: of this one. */
export function packageVersion(
  manifest: string | URL = new URL('../package.json', import.meta.url),
): string {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  return version;
}
