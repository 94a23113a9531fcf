import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import type { Plugin } from 'vite';

/** Stands in the service worker for the list; see `src/service-worker/install-into.ts`. */
const PLACEHOLDER = '__STUDIO_PRECACHE__';
const SERVICE_WORKER = 'service-worker.js';

/** What servers read, and what they may answer anew at any time. */
const isLeftOut = (name: string): boolean =>
  name === SERVICE_WORKER || name === 'grounder.json' || name.startsWith('_');

/**
 * Writes into the service worker what the site consists of, each file with its hash: the browser
 * installs a new worker exactly when something changed, and loads only what did.
 */
export function precache(): Plugin {
  let publicFolder = '';
  return {
    name: 'studio:precache',
    apply: 'build',
    enforce: 'post',
    configResolved({ publicDir }) {
      publicFolder = publicDir;
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const worker = bundle[SERVICE_WORKER];
        if (worker?.type !== 'chunk') throw new Error(`the build has no ${SERVICE_WORKER}`);
        if (worker.imports.length > 0 || !worker.code.includes(PLACEHOLDER)) {
          throw new Error(`${SERVICE_WORKER} has to stand alone and to contain ${PLACEHOLDER}`);
        }
        const built = Object.values(bundle)
          .filter(({ fileName }) => !isLeftOut(fileName))
          .map((file) => entry(file.fileName, file.type === 'chunk' ? file.code : file.source));
        const copied = (await filesBelow(publicFolder)).map(async (path) =>
          entry(relative(publicFolder, path).replaceAll('\\', '/'), await readFile(path)),
        );
        const entries = [...built, ...(await Promise.all(copied))];
        entries.sort(([a], [b]) => (a < b ? -1 : 1));
        worker.code = worker.code.replace(PLACEHOLDER, JSON.stringify(entries));
      },
    },
  };
}

function entry(path: string, content: string | Uint8Array): readonly [path: string, hash: string] {
  return [path, createHash('sha256').update(content).digest('base64url').slice(0, 16)];
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((found) => found.isFile() && !found.name.endsWith('.md') && !isLeftOut(found.name))
    .map((found) => join(found.parentPath, found.name));
}
