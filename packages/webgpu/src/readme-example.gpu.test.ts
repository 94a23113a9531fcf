import { readFileSync } from 'node:fs';

import { exp, type Graph, trace, type WeightStore } from '@samgpu/graph';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { expect, test } from 'vitest';

import { createWebGpuBackend, describeAdapter, planMemory } from './index.ts';

const gpu = await openTestDevice();

const weights: WeightStore = {
  tensors: new Map(),
  fingerprint: 'none',
  read: async (path) => {
    throw new Error(`there is no ${path}`);
  },
};
const graph: Graph = trace('example', { tokens: { shape: [2, 3] } }, new Map(), ({ tokens }) => ({
  hidden: exp(tokens),
}));
const tokens = { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 2, 1) };

test.skipIf(gpu === undefined)(`the example of the README runs${missingDevice()}`, async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(?:import [^\n]+\n)+\n([^]*?)```/.exec(readme)?.[1];
  expect(example).toContain('createWebGpuBackend');
  // As it stands there, with what it takes for granted as parameters.
  const names = [
    'createWebGpuBackend',
    'describeAdapter',
    'planMemory',
    'graph',
    'weights',
    'tokens',
  ];
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
  const run = new AsyncFunction(...names, `${example}\nreturn { report, data, backend };`);
  const { report, data, backend } = await run(
    createWebGpuBackend,
    describeAdapter,
    planMemory,
    graph,
    weights,
    tokens,
  );
  backend.dispose();
  expect(report.available).toBe(true);
  const errors = tokens.data.map((value, i) => data[i] - Math.exp(value));
  // e^3 is 20, where WGSL allows exp an error of 3 + 2 * 3 units in the last place.
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(9 * 2 ** -19);
});
