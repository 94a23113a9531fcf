import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { Host } from './host.ts';
import type { OrtModule } from './ort.ts';

export const host: Host = {
  cores: availableParallelism(),
  wasmThreads: { available: true, reason: '' },
  // glibc does not know it on ARM.
  tellsCacheSize: process.arch === 'x64' || process.platform !== 'linux',
  async loadNative() {
    // Optional, and native: required by a name that neither compiler nor bundler looks up.
    const name = 'onnxruntime-node';
    return createRequire(import.meta.url)(name) as OrtModule;
  },
  loadWeb: () => import('onnxruntime-web'),
};
