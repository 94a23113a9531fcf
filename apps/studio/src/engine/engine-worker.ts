/** The engine, away from the page's thread: a model at work never holds up the pointer. */
import { serveEngine, type WorkerPort } from '@samgpu/session';

import { createPageEngine } from './page-engine.ts';
import type { Places } from './places.ts';

const scope = globalThis as unknown as WorkerPort & { readonly name: string };

// A worker has no other way to be told something before its first message.
serveEngine(scope, createPageEngine(JSON.parse(scope.name) as Places));
