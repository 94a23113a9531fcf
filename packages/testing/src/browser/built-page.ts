import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

/** Packages resolve to their sources, and to what they have for browsers. */
export const SOURCE_CONDITIONS: readonly string[] = [
  '@samgpu/source',
  'browser',
  'module',
  'import',
  'default',
];

/**
 * Builds a page as an application does, with modules as workers and addresses relative to it.
 *
 * @param root - the folder with its `index.html`
 * @param missing - modules that are not installed there
 * @returns a new folder with the page, for the caller to remove
 */
export async function buildPage(root: URL, missing: readonly string[] = []): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'samgpu-page-'));
  await build({
    root: fileURLToPath(root),
    base: './',
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: [...SOURCE_CONDITIONS] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      rolldownOptions: { external: [...missing] },
    },
    worker: { format: 'es' },
  });
  return outDir;
}
