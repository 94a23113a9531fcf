/** Holds exported models against the official checker and shape inference, where Python has it. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { add, conv2d, type Graph, linear, reshape, trace } from '@samgpu/graph';
import { operationCases, prepareCase } from '@samgpu/testing/operation-cases';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryWeights } from '../fixtures/memory-weights.ts';
import { exportOnnx } from './export-onnx.ts';
import { writeOnnxFile } from './write-onnx-file.ts';

interface Described {
  readonly file: string;
  readonly irVersion: number;
  readonly producer: string;
  readonly graph: string;
  readonly opsets: Record<string, number>;
  readonly metadata: Record<string, string>;
  readonly operators: readonly string[];
  readonly domains: readonly string[];
  readonly inputs: Record<string, { type: string; shape: number[] }>;
  readonly outputs: Record<string, { type: string; shape: number[] }>;
  readonly initializers: Record<string, string>;
  readonly external: Record<string, Record<string, string>>;
}

const python = process.env['SAMGPU_PYTHON'] ?? '/usr/bin/python3';
const script = fileURLToPath(new URL('../fixtures/check-models.py', import.meta.url));
const available = hasChecker();

describe.skipIf(!available)('exported models (needs python3-onnx)', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-onnx-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('every operation passes the checker, in standard operators only', async () => {
    for (const [index, operationCase] of operationCases.entries()) {
      const { graph, weights } = prepareCase(operationCase);
      const { bytes } = await exportOnnx(graph, weights);
      await writeFile(join(folder, `case-${String(index).padStart(4, '0')}.onnx`), bytes);
    }
    const described = checkModels(folder);
    expect(described).toHaveLength(operationCases.length);
    for (const [index, { domains, opsets, outputs }] of described.entries()) {
      expect(domains.filter((domain) => domain !== '')).toEqual([]);
      expect(opsets).toEqual({ '': 17 });
      const { graph } = prepareCase(operationCases[index]!);
      expect(outputs['result']?.shape).toEqual(graph.nodes[graph.outputs.get('result')!]?.shape);
    }
  });

  test('embedded and external weights pass, under the names and types of the graph', async () => {
    const models = await mkdtemp(join(folder, 'weights-'));
    const { graph, weights } = mixedModel();
    const metadata = { licence: 'Apache-2.0' };
    await writeOnnxFile(graph, weights, join(models, 'embedded.onnx'), { metadata });
    await writeOnnxFile(graph, weights, join(models, 'external.onnx'), { externalData: true });
    const [embedded, external] = checkModels(models);
    expect(embedded).toMatchObject({
      irVersion: 8,
      producer: 'samgpu',
      graph: 'mixed',
      metadata,
      inputs: {
        image: { type: 'FLOAT', shape: [1, 8, 8, 3] },
        tokens: { type: 'FLOAT', shape: [2, 64] },
      },
      outputs: {
        map: { type: 'FLOAT', shape: [1, 8, 8, 4] },
        hidden: { type: 'FLOAT', shape: [2, 16] },
      },
      initializers: {
        'conv.weight': 'FLOAT16',
        'conv.bias': 'BFLOAT16',
        'layer.weight': 'FLOAT16',
        'layer.bias': 'FLOAT', // of doubles
        'small.weight': 'INT8',
        'small.weight.scale': 'FLOAT',
        shift: 'INT8',
      },
      external: {},
    });
    // What is smaller than 1 kB stays inside.
    expect(external?.external).toEqual({
      'layer.weight': { location: 'external.onnx.data', offset: '0', length: String(2 * 16 * 64) },
    });
  });
});

test.skipIf(available)('python3-onnx is missing: models were not checked', () => {
  expect(available).toBe(false);
});

function mixedModel(): { graph: Graph; weights: MemoryWeights } {
  const weights = new MemoryWeights({
    'conv.weight': { shape: [4, 3, 3, 3], dtype: 'f16', values: [0.5, -1.25, 2] },
    'conv.bias': { shape: [4], dtype: 'bf16', values: [1, -0.5] },
    'layer.weight': { shape: [16, 64], dtype: 'f16', values: [0.25, -0.5, 1] },
    'layer.bias': { shape: [16], dtype: 'f64', values: [1, 2, 3] },
    'small.weight': {
      shape: [16, 16],
      dtype: 'i8',
      values: [-127, 5],
      scales: { path: 'small.weight.scale', axis: 0 },
    },
    'small.weight.scale': { shape: [16], dtype: 'f32', values: [0.25] },
    shift: { shape: [16], dtype: 'i8', values: [-3, 7] },
  });
  const graph = trace(
    'mixed',
    { image: { shape: [1, 8, 8, 3] }, tokens: { shape: [2, 64] } },
    weights.tensors,
    ({ image, tokens }, w) => ({
      map: conv2d(image, w.at('conv'), { padding: 1 }),
      hidden: linear(
        add(linear(tokens, w.at('layer')), reshape(w.tensor('shift'), [1, 16])),
        w.at('small'),
      ),
    }),
  );
  return { graph, weights };
}

function checkModels(folder: string): Described[] {
  const output = execFileSync(python, [script, folder], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Described);
}

function hasChecker(): boolean {
  try {
    execFileSync(python, ['-c', 'import onnx'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
