import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

import { englishOnly } from './build/english-only.ts';
import { icons } from './build/icons.ts';
import { precache } from './build/precache.ts';
import { securityPolicy } from './build/security-policy.ts';
import { siteHeaders } from './site-headers.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * ONNX Runtime starts its threads from the file that it lies in. Were that to import the page's own
 * code, for a helper of the bundler, each thread would run the page.
 */
const codeSplitting = {
  groups: [
    { name: 'runtime', test: /rolldown.runtime|vite.preload-helper/ },
    { name: 'onnxruntime', test: /onnxruntime/ },
  ],
};

export default defineConfig({
  root: at('.'),
  // For a folder on any server.
  base: './',
  resolve: { conditions: ['@samgpu/source', 'browser', 'module', 'import', 'default'] },
  // ONNX Runtime finds its WebAssembly by the place of its own code.
  optimizeDeps: { exclude: ['onnxruntime-web', 'onnxruntime-web/wasm', 'onnxruntime-web/webgpu'] },
  plugins: [englishOnly(), icons(), securityPolicy(), precache()],
  worker: { format: 'es', rolldownOptions: { output: { codeSplitting } } },
  server: { host: '127.0.0.1', headers: siteHeaders() },
  build: {
    outDir: at('dist'),
    emptyOutDir: true,
    target: 'es2022',
    // A policy that forbids inline scripts and fonts; what is small is fetched like the rest.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: at('index.html'),
        'service-worker': at('src/service-worker/service-worker.ts'),
      },
      output: {
        codeSplitting,
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js',
      },
    },
  },
});
