import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { GpuResult } from '../gpu/gpu-result.ts';
import type { Machine } from '../machine.ts';
import { type CpuResult, storeResult } from '../results.ts';
import { fillMarkers } from './fill-markers.ts';
import { renderAll, renderFigures } from './render-report.ts';
import { readNewest } from './stored-results.ts';

const machine: Machine = {
  cpu: 'Some CPU',
  cores: 4,
  memoryGiB: 16,
  system: 'Linux 6 x64',
  node: '24.0.0',
  versions: { webgpu: '0.6.2' },
};

const nanoResult: CpuResult = {
  what: 'nano',
  date: '2026-03-04T05:06:07.000Z',
  machine,
  figures: [
    { name: 'first mask', unit: 'ms', value: 120.4, limit: 150, p10: 9.96, p90: 130 },
    { name: 'bundle', unit: 'kB', value: 61.6, limit: 60 },
  ],
};

const spread = (median: number) => ({ median, p10: median * 0.9, p90: median * 1.1, runs: 5 });

const gpuResult: GpuResult = {
  what: 'kernels',
  date: '2026-03-04T05:06:07.000Z',
  complete: true,
  adapter: {
    vendor: 'nvidia',
    architecture: 'hopper',
    device: 'nvidia-h200',
    description: 'NVIDIA: 550.90',
    software: false,
    isFallback: false,
    subgroupSizes: [32, 32],
    features: [],
    limits: {},
  },
  scale: 'full',
  machine,
  peer: 'the peer',
  peak: { gigaflops: 50_000, gigabytesPerSecond: 4000 },
  cases: [
    {
      name: 'matmul 1x2x3',
      ours: spread(2),
      peer: spread(10),
      ratio: 5,
      maxAbsError: 3.2e-6,
      bytes: 12_340_000,
      gigaflops: 25_000,
      gigabytesPerSecond: 100,
    },
    {
      name: 'layer-norm 4x5',
      ours: spread(0.25),
      peer: spread(0.5),
      ratio: 2,
      maxAbsError: 0,
      bytes: 1e6,
      gigaflops: 1.5,
      // What bounds a norm is memory, so its share of the peak is of that.
      gigabytesPerSecond: 3000,
    },
  ],
  failed: [{ name: 'conv 3x3', error: 'out of memory' }],
};

describe('fillMarkers', () => {
  const document = 'before\n\n<!-- a -->\nold\n<!-- /a -->\n\nafter <!-- b --><!-- /b -->\n';

  test('replaces what is between, and nothing else', () => {
    expect(fillMarkers(document, 'a', 'new\n')).toBe(
      'before\n\n<!-- a -->\n\nnew\n\n<!-- /a -->\n\nafter <!-- b --><!-- /b -->\n',
    );
  });

  test('filling again changes nothing', () => {
    const once = fillMarkers(document, 'a', '| t |\n| - |');
    expect(fillMarkers(once, 'a', '| t |\n| - |')).toBe(once);
  });

  test('nothing leaves the markers, for the next time', () => {
    expect(fillMarkers(document, 'a', '')).toContain('<!-- a -->\n<!-- /a -->');
  });

  test.each([
    ['c', 'are missing'],
    ['twice', 'come twice'],
    ['reversed', 'are in the wrong order'],
  ])('markers %s that %s are refused', (name) => {
    const wrong = '<!-- twice --><!-- /twice --><!-- twice --><!-- /reversed --><!-- reversed -->';
    expect(() => fillMarkers(document + wrong, name, '')).toThrow(
      expect.objectContaining({ code: 'marker' }),
    );
  });
});

describe('rendering', () => {
  test('nano: figures with their spread, what was aimed at, and the machine', () => {
    expect(renderFigures(nanoResult).split('\n')).toEqual([
      '| what       | median (p10 to p90)  | at most | met |',
      '| ---------- | -------------------- | ------- | --- |',
      '| first mask | 120 ms (10.0 to 130) | 150 ms  | yes |',
      '| bundle     | 62 kB                | 60 kB   | no  |',
      '',
      'Some CPU, 4 cores, 16 GiB, Linux 6 x64, Node 24.0.0, webgpu 0.6.2, 2026-03-04.',
    ]);
  });

  test('a GPU: ratio, share of what bounds the case, and what failed', () => {
    const text = renderAll(new Map([['nvidia-h200/kernels', gpuResult]]));
    expect(text).toContain('### kernels: nvidia-h200 (nvidia hopper, NVIDIA: 550.90)');
    expect(text).toMatch(
      /matmul 1x2x3 +\| 2\.00 \(1\.80 to 2\.20\) \| 10\.0 \(9\.00 to 11\.0\) +\| 5\.0/,
    );
    expect(text).toMatch(/matmul.* 25000 +\| 50 % +\| 3e-6 +\| 12\.3/);
    expect(text).toMatch(/layer-norm.* 1\.50 +\| 75 %/);
    expect(text).toContain('- not compared: conv 3x3: out of memory');
    expect(text).toContain('50000 GFLOP/s in f32, 4000 GB/s');
  });

  test('says when there is nothing', () => {
    expect(renderAll(new Map())).toBe('No results are stored yet.');
  });
});

describe('stored results', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'samgpu-results-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = async (path: string, result: object): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), JSON.stringify(result));
  };

  test('the newest of each place and subject counts', async () => {
    await write('cpu/2026-01-02-nano.json', { ...nanoResult, date: 'old' });
    await write('cpu/2026-01-10-nano.json', nanoResult);
    await write('nvidia/2026-01-03-models.json', { ...gpuResult, what: 'models' });
    await write('nvidia/2026-01-03-kernels.json', gpuResult);
    await write('nvidia/notes.txt', {});
    const newest = readNewest(folder);
    expect([...newest.keys()]).toEqual(['cpu/nano', 'nvidia/kernels', 'nvidia/models']);
    expect(newest.get('cpu/nano')).toEqual(nanoResult);
  });

  test('a part of the cases does not replace all of them', async () => {
    await write('nvidia/2026-01-03-kernels.json', gpuResult);
    await write('nvidia/2026-01-04-kernels.json', { ...gpuResult, complete: false, cases: [] });
    expect(readNewest(folder).get('nvidia/kernels')).toEqual(gpuResult);
  });

  test('what is stored is found again', () => {
    storeResult('cpu', 'nano', nanoResult, folder);
    expect(readNewest(folder).get('cpu/nano')).toEqual(nanoResult);
  });

  test('no folder, no results', () => {
    expect(readNewest(join(folder, 'absent')).size).toBe(0);
  });
});
