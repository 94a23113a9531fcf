import { createWorkerEngine, type Engine } from '@samgpu/session';

import type { Settings } from '../state/settings.ts';
import { withFallback } from './fallback-engine.ts';
import type { Places } from './places.ts';

/** Beside the page; whoever hosts it may put model files there. */
const MODEL_FOLDER = 'models/';

/**
 * The engine in a worker, or in the page where the browser gives it none (sandboxed frames).
 *
 * In the worker also where there is a GPU: what comes back of a mask is a bit per pixel, and weights,
 * shaders and run lengths would otherwise be prepared between two frames of the page.
 */
export function startEngine({ modelFolder }: Settings): Engine {
  const places = { page: document.baseURI, models: modelFolderUrl(modelFolder).href };
  return withFallback(workerEngine(places), async () => {
    const { createPageEngine } = await import('./page-engine.ts');
    return createPageEngine(places);
  });
}

/** @returns null where the browser makes no workers */
function workerEngine(places: Places): Engine | null {
  try {
    return createWorkerEngine(
      () =>
        new Worker(new URL('./engine-worker.ts', import.meta.url), {
          type: 'module',
          name: JSON.stringify(places),
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
