import { createEngine, type Engine } from '@samgpu/session';

import { variantsFrom } from '../models/variants.ts';
import type { Places } from './places.ts';
import { siteGrounder } from './site-grounder.ts';

/** The engine in this thread: that of the worker, or, where there is no other way, of the page. */
export function createPageEngine({ page, models }: Places): Engine {
  return createEngine({
    variants: variantsFrom(new URL(models)),
    grounder: siteGrounder(new URL(page)),
  });
}
