/** nano as ONNX models for other runtimes, held against the official checker. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { nano } from '@samgpu/nano';
import { exportOnnx } from '@samgpu/onnx';
import { traceDecoder, traceEncoder } from '@samgpu/variant';
import { memorySource, openSafetensors, type WeightDtype } from '@samgpu/weights';
import { expect, test } from 'vitest';

const python = process.env['SAMGPU_PYTHON'] ?? '/usr/bin/python3';
const script = fileURLToPath(
  new URL('../../../onnx/src/fixtures/check-models.py', import.meta.url),
);

function hasChecker(): boolean {
  try {
    execFileSync(python, ['-c', 'import onnx'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Described {
  readonly graph: string;
  readonly outputs: Readonly<Record<string, { readonly shape: readonly number[] }>>;
  readonly initializers: Readonly<Record<string, string>>;
}

/** Of ONNX, by those of safetensors. */
const TYPES: Readonly<Partial<Record<WeightDtype, string>>> = {
  i8: 'INT8',
  f16: 'FLOAT16',
  f32: 'FLOAT',
};

test.skipIf(!hasChecker())(
  'encoder and decoder pass the ONNX checker, weights as they are stored (needs python3-onnx)',
  async () => {
    const weights = await openSafetensors(memorySource(readFileSync(nano.weights.url)));
    const encoder = traceEncoder(nano, weights.tensors);
    const decoder = traceDecoder(nano, weights.tensors, encoder, { prompts: 4, tokens: 8 });
    const folder = await mkdtemp(join(tmpdir(), 'samgpu-nano-onnx-'));
    try {
      await writeFile(join(folder, '1.onnx'), (await exportOnnx(encoder, weights)).bytes);
      await writeFile(join(folder, '2.onnx'), (await exportOnnx(decoder, weights)).bytes);
      const [first, second] = execFileSync(python, [script, folder], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Described);
      expect(first!.outputs['embedding']?.shape).toEqual([1, 24, 24, 128]);
      expect(second!.outputs['logits']?.shape).toEqual([4, 4, 96, 96]);
      expect(second!.outputs['scores']?.shape).toEqual([4, 4]);
      for (const { initializers } of [first!, second!]) {
        const named = Object.entries(initializers).filter(([path]) => weights.tensors.has(path));
        expect(named.length).toBeGreaterThan(50);
        const stored = named.map(([path]) => [path, TYPES[weights.tensors.get(path)!.dtype]]);
        expect(named).toEqual(stored);
        expect(named.filter(([, type]) => type === 'INT8').length).toBeGreaterThan(20);
      }
      // A byte per weight and little else: scales, norms, shapes, names, a few constants.
      expect(statSync(join(folder, '1.onnx')).size).toBeLessThan(1.92e6 * 1.1);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
