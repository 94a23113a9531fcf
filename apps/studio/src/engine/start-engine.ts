import { createEngine, type Engine } from '@samgpu/session';

import { variantsFrom } from '../models/variants.ts';
import type { Settings } from '../state/settings.ts';

/** Beside the page; whoever hosts it may put model files there. */
const MODEL_FOLDER = 'models/';

export function startEngine({ modelFolder }: Settings): Engine {
  return createEngine({ variants: variantsFrom(modelFolderUrl(modelFolder)) });
}

export function modelFolderUrl(folder: string): URL {
  const text = folder === '' ? MODEL_FOLDER : folder.replace(/\/*$/, '/');
  return new URL(text, document.baseURI);
}
