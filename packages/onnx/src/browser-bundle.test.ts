import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { build, type Rolldown } from 'vite';

test('a bundle for browsers has nothing of Node, and loads the runtime apart', async () => {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const built = (await build({
    root,
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@samgpu/source', 'browser', 'module', 'import', 'default'] },
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      rolldownOptions: { input: `${root}/index.ts`, preserveEntrySignatures: 'strict' },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = built.output.filter((file) => file.type === 'chunk');
  const entry = chunks.find((chunk) => chunk.isEntry)!;
  const modules = Object.keys(entry.modules).map((path) => path.slice(path.indexOf('/src/')));
  expect(modules).toContain('/src/runtime/host-browser.ts');
  expect(modules.filter((path) => /host-node|write-onnx-file|external/.test(path))).toEqual([]);
  expect(entry.code).not.toContain('node:');
  expect(entry.code).not.toContain('onnxruntime-web/dist');

  // Of onnxruntime-web: the build without WebGPU, and its WebAssembly, in files of their own.
  const others = built.output.filter((file) => file !== entry).map(({ fileName }) => fileName);
  expect(others.filter((name) => /ort\.wasm\.bundle.*\.js$/.test(name))).toHaveLength(1);
  expect(others.filter((name) => name.endsWith('.wasm'))).toHaveLength(1);
});
