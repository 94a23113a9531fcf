/** What an application ships of ours: everything but the runtimes and the weights. */
import { gzipSync } from 'node:zlib';

import { build } from 'vite';

import { WORKSPACE } from './workspace.ts';

const ENTRY = 'virtual:application';

const APPLICATION = `
import { Segmenter } from 'samgpu';
import { nano } from '@samgpu/nano';
export const load = () => Segmenter.load(nano);
`;

export interface CodeSize {
  readonly bytes: number;
  readonly gzipBytes: number;
}

export interface BundleSize {
  /** What every application loads. */
  readonly library: CodeSize;
  /** Kernels and their compiler, loaded where there is a GPU. */
  readonly webgpuEngine: CodeSize;
  /** Downloads, caches and readers of formats, loaded with a model. */
  readonly weights: CodeSize;
}

export async function bundleSize(): Promise<BundleSize> {
  const output = await build({
    root: `${WORKSPACE}benchmarks`,
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['@samgpu/source', 'browser', 'import', 'default'] },
    plugins: [
      {
        name: 'application',
        resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : undefined),
        load: (id) => (id === `\0${ENTRY}` ? APPLICATION : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      assetsInlineLimit: 0,
      target: 'es2022',
      rolldownOptions: {
        input: ENTRY,
        external: [/^onnxruntime-/],
        preserveEntrySignatures: 'strict',
      },
    },
  });
  const results = Array.isArray(output) ? output : [output];
  const chunks = results
    .flatMap((result) => ('output' in result ? result.output : []))
    .filter((file) => file.type === 'chunk');
  const atOnce = new Set<string>();
  const pending = chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (!atOnce.has(name)) {
      atOnce.add(name);
      pending.push(...(chunks.find(({ fileName }) => fileName === name)?.imports ?? []));
    }
  }
  const later = chunks.filter(({ fileName }) => !atOnce.has(fileName));
  const isEngine = ({ moduleIds }: (typeof chunks)[number]): boolean =>
    moduleIds.some((id) => /\/(?:packages\/webgpu|kernels)\//.test(id));
  const sizeOf = (some: typeof chunks): CodeSize => {
    const code = some.map((chunk) => chunk.code).join('\n');
    return { bytes: Buffer.byteLength(code), gzipBytes: gzipSync(code, { level: 9 }).length };
  };
  return {
    library: sizeOf(chunks.filter(({ fileName }) => atOnce.has(fileName))),
    webgpuEngine: sizeOf(later.filter(isEngine)),
    weights: sizeOf(later.filter((chunk) => !isEngine(chunk))),
  };
}
