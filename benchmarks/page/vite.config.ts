import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

// Threads of WebAssembly need both.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // For a folder on any server.
  base: './',
  resolve: { conditions: ['@samgpu/source', 'browser', 'module', 'import', 'default'] },
  // ONNX Runtime finds its WebAssembly by the place of its own code.
  optimizeDeps: { exclude: ['onnxruntime-web', 'onnxruntime-web/wasm', 'onnxruntime-web/webgpu'] },
  server: { host: '127.0.0.1', headers },
  preview: { host: '127.0.0.1', headers },
  build: {
    outDir: fileURLToPath(new URL('../dist/page', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Shaders are fetched like weights.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
