/** What an application ships of ours: everything but the runtimes and the weights. */
import { gzipSync } from 'node:zlib';

import { build, type Rollup } from 'vite';

import { WORKSPACE } from './workspace.ts';

type Chunk = Rollup.OutputChunk;

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
  /** The writer of ONNX, loaded where there is none; the runtime comes on top. */
  readonly onnxEngine: CodeSize;
  /** Downloads, caches and readers of formats, loaded with a model. */
  readonly weights: CodeSize;
  /** Tracking, mattes, searches and video files, each loaded with its first use. */
  readonly onDemand: CodeSize;
}

/** The modules that the application imports when it gets there, by part. */
const PARTS = {
  webgpuEngine: /packages\/webgpu\/src\/index\.ts$/,
  onnxEngine: /packages\/onnx\/src\/index\.ts$/,
  weights: /packages\/samgpu\/src\/segmenter\/open-weights\.ts$/,
} as const;

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
  const sizeOf = (some: readonly Chunk[]): CodeSize => {
    const code = some.map((chunk) => chunk.code).join('\n');
    return { bytes: Buffer.byteLength(code), gzipBytes: gzipSync(code, { level: 9 }).length };
  };
  const atOnce = reached(
    chunks,
    chunks.filter(({ isEntry }) => isEntry),
  );
  const counted = new Set(atOnce);
  const sizes = new Map<string, CodeSize>();
  for (const [part, module] of Object.entries(PARTS)) {
    const entry = chunks.find(({ facadeModuleId }) => module.test(facadeModuleId ?? ''));
    if (entry === undefined) {
      throw new Error(`no chunk of its own for ${String(module)}: it is in what loads at once`);
    }
    const own = [...reached(chunks, [entry])].filter((chunk) => !atOnce.has(chunk));
    own.forEach((chunk) => counted.add(chunk));
    sizes.set(part, sizeOf(own));
  }
  return {
    library: sizeOf([...atOnce]),
    webgpuEngine: sizes.get('webgpuEngine')!,
    onnxEngine: sizes.get('onnxEngine')!,
    weights: sizes.get('weights')!,
    onDemand: sizeOf(chunks.filter((chunk) => !counted.has(chunk))),
  };
}

/** Chunks that load together with the given ones. */
function reached(chunks: readonly Chunk[], from: readonly Chunk[]): Set<Chunk> {
  const found = new Set<Chunk>();
  const pending = [...from];
  for (let chunk = pending.pop(); chunk !== undefined; chunk = pending.pop()) {
    if (!found.has(chunk)) {
      found.add(chunk);
      const { imports } = chunk;
      pending.push(...chunks.filter(({ fileName }) => imports.includes(fileName)));
    }
  }
  return found;
}
