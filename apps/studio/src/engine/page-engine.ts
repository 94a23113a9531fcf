import { createEngine, type Engine } from '@samgpu/session';

import { variantsFrom } from '../models/variants.ts';

/** The engine in the page itself. Loaded only where there is no other way. */
export function createPageEngine(modelFolder: URL): Engine {
  return createEngine({ variants: variantsFrom(modelFolder) });
}
