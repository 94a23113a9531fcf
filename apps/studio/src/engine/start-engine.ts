import { createWorkerEngine, type Engine } from '@samgpu/session';

import type { Settings } from '../state/settings.ts';
import { withFallback } from './fallback-engine.ts';

/** Beside the page; whoever hosts it may put model files there. */
const MODEL_FOLDER = 'models/';

/**
 * The engine in a worker, or in the page where the browser gives it none (sandboxed frames).
 *
 * In the worker also where there is a GPU: what comes back of a mask is a bit per pixel, and weights,
 * shaders and run lengths would otherwise be prepared between two frames of the page.
 */
export function startEngine({ modelFolder }: Settings): Engine {
  const folder = modelFolderUrl(modelFolder);
  return withFallback(workerEngine(folder), async () => {
    const { createPageEngine } = await import('./page-engine.ts');
    return createPageEngine(folder);
  });
}

/** @returns null where the browser makes no workers */
function workerEngine(folder: URL): Engine | null {
  try {
    return createWorkerEngine(
      () =>
        new Worker(new URL('./engine-worker.ts', import.meta.url), {
          type: 'module',
          name: folder.href,
        }),
    );
  } catch {
    return null;
  }
}

function modelFolderUrl(folder: string): URL {
  const text = folder === '' ? MODEL_FOLDER : folder.replace(/\/*$/, '/');
  return new URL(text, document.baseURI);
}
