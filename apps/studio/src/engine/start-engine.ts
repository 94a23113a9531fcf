import { createEngine, createWorkerEngine, type Engine } from '@samgpu/session';

import { variantsFrom } from '../models/variants.ts';
import type { Settings } from '../state/settings.ts';
import { FallbackEngine } from './fallback-engine.ts';

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
  const inPage = (): Engine => createEngine({ variants: variantsFrom(folder) });
  try {
    const inWorker = createWorkerEngine(
      () =>
        new Worker(new URL('./engine-worker.ts', import.meta.url), {
          type: 'module',
          name: folder.href,
        }),
    );
    return new FallbackEngine(inWorker, inPage);
  } catch {
    return inPage();
  }
}

function modelFolderUrl(folder: string): URL {
  const text = folder === '' ? MODEL_FOLDER : folder.replace(/\/*$/, '/');
  return new URL(text, document.baseURI);
}
