import type { Host } from './host.ts';

export const host: Host = {
  cores: globalThis.navigator?.hardwareConcurrency ?? 1,
  wasmThreads: {
    available: globalThis.crossOriginIsolated ?? false,
    reason:
      'the page is not cross-origin isolated; serve it with the headers ' +
      'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
  },
  tellsCacheSize: false,
  async loadNative() {
    throw new Error('this is not Node');
  },
  // The build with the WebAssembly provider only: a tenth of the one that brings WebGPU as well.
  loadWeb: () => import('onnxruntime-web/wasm'),
};
