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

export interface BundleSize {
  readonly bytes: number;
  readonly gzipBytes: number;
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
  const code = results
    .flatMap((result) => ('output' in result ? result.output : []))
    .flatMap((file) => (file.type === 'chunk' ? [file.code] : []))
    .join('\n');
  return { bytes: Buffer.byteLength(code), gzipBytes: gzipSync(code, { level: 9 }).length };
}
