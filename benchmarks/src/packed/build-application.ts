import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

import { build, type Plugin } from 'vite';

import { WORKSPACE } from '../workspace.ts';

/** Native, and so copied as they are; onnxruntime-web and sharp are what nobody asks for there. */
const EXTERNAL = ['webgpu', 'onnxruntime-node', 'onnxruntime-web', 'sharp'];

/** Writes our code and the data that it reads to a folder, as `main.mjs` and `assets/`. */
export async function buildApplication(outDir: string): Promise<void> {
  const conditions = ['@samgpu/source', 'node', 'import', 'module', 'default'];
  await build({
    root: `${WORKSPACE}benchmarks`,
    configFile: false,
    logLevel: 'warn',
    plugins: [copyAssets()],
    resolve: { conditions },
    ssr: { noExternal: true, external: EXTERNAL, resolve: { conditions } },
    build: {
      ssr: `${WORKSPACE}benchmarks/src/packed/main.ts`,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      ssrEmitAssets: true,
      rolldownOptions: {
        output: {
          entryFileNames: '[name].mjs',
          chunkFileNames: '[name].mjs',
          codeSplitting: false,
        },
      },
    },
  });
}

const ASSET = /new URL\(['"]([^'"]+\.(?:wgsl|safetensors))['"], import\.meta\.url\)/g;

/** In code for Node, Vite leaves the URLs of files as they are, relative to sources that are not there. */
function copyAssets(): Plugin {
  return {
    name: 'copy-assets',
    async transform(code, id) {
      let result = code;
      for (const [expression, path = ''] of code.matchAll(ASSET)) {
        const source = await readFile(resolve(dirname(id), path));
        const fileName = `assets/${basename(path)}`;
        this.emitFile({ type: 'asset', fileName, source });
        result = result.replace(expression, `new URL('./${fileName}', import.meta.url)`);
      }
      return { code: result, map: null };
    },
  };
}
