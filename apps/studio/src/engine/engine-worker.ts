/** The engine, away from the page's thread: a model at work never holds up the pointer. */
import { createEngine, serveEngine, type WorkerPort } from '@samgpu/session';

import { variantsFrom } from '../models/variants.ts';

const scope = globalThis as unknown as WorkerPort & { readonly name: string };

// A worker has no other way to be told something before its first message.
serveEngine(scope, createEngine({ variants: variantsFrom(new URL(scope.name)) }));
