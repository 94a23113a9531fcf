import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('src'),
  base: './',
  publicDir: at('public'),
  resolve: { conditions: ['@samgpu/source', 'browser', 'module', 'import', 'default'] },
  // ONNX Runtime finds its WebAssembly by the place of its own code.
  optimizeDeps: { exclude: ['onnxruntime-web', 'onnxruntime-web/wasm', 'onnxruntime-web/webgpu'] },
  build: {
    outDir: at('dist'),
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: { input: [at('src/html/index.html'), at('src/react/index.html')] },
  },
});
