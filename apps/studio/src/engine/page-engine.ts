import type { Engine } from '@samgpu/session';
import { createEngine } from '@samgpu/session/page-engine';

import { variantsFrom } from '../models/variants.ts';

/** The engine in the page itself. Loaded only where there is no other way. */
export function createPageEngine(modelFolder: URL): Engine {
  return createEngine({ variants: variantsFrom(modelFolder) });
}
