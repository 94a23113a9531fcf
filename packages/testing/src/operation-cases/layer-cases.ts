import {
  attention,
  conv2d,
  type Conv2dOptions,
  convTranspose2d,
  formatShape,
  layerNorm,
  linear,
  matmul,
  REMOVED_KEY,
  rotary,
  softmax,
} from '@samgpu/graph';

import type { OperandSpec, OperationCase } from './operation-case.ts';

// Sums of k products of values in -1..1 are about sqrt(k) / 3, and their f32 error grows likewise.
const SUM_TOLERANCE = 1e-5;

const matmulCases: readonly OperationCase[] = (
  [
    [[1, 1], [1, 1], false],
    [[5, 7], [7, 3], false],
    [[64, 96], [96, 80], false],
    [[2, 5, 7], [2, 7, 3], false],
    [[2, 5, 7], [7, 3], false],
    [[3, 1, 4, 8], [1, 2, 8, 6], false],
    [[5, 7], [3, 7], true],
    [[2, 3, 65, 33], [2, 3, 17, 33], true],
    [[4, 24], [2, 130, 24], true],
  ] as const
).map(([a, b, transposeB]) => ({
  name: `matmul ${formatShape(a)} by ${formatShape(b)}${transposeB ? ' transposed' : ''}`,
  inputs: { a: { shape: a }, b: { shape: b } },
  build: ({ a, b }) => matmul(a!, b!, { transposeB }),
  tolerance: SUM_TOLERANCE,
}));

const linearCases: readonly OperationCase[] = (
  [
    [[1], 1, true],
    [[7, 13], 5, true],
    [[2, 3, 33], 70, true],
    [[1, 64], 4, false],
    [[130, 128], 96, true],
  ] as const
).map(([shape, out, bias]) => ({
  name: `linear ${formatShape(shape)} to ${out}${bias ? '' : ' without bias'}`,
  inputs: { x: { shape } },
  weights: {
    'layer.weight': { shape: [out, shape.at(-1) ?? 1] },
    ...(bias ? { 'layer.bias': { shape: [out] } } : {}),
  },
  build: ({ x }, w) => linear(x!, w.at('layer')),
  tolerance: SUM_TOLERANCE,
}));

interface ConvolutionCase extends Conv2dOptions {
  readonly name: string;
  readonly x: readonly [number, number, number, number];
  readonly weight: readonly [number, number, number, number];
  readonly bias?: boolean;
}

const CONVOLUTIONS: readonly ConvolutionCase[] = [
  { name: '1x1', x: [1, 5, 7, 6], weight: [9, 6, 1, 1] },
  { name: '3x3 padded', x: [1, 8, 9, 5], weight: [7, 5, 3, 3], padding: 1 },
  { name: '3x3 stride 2', x: [1, 9, 12, 3], weight: [8, 3, 3, 3], stride: 2, padding: 1 },
  { name: '3x3 wide', x: [1, 17, 19, 32], weight: [48, 32, 3, 3], padding: 1, bias: false },
  { name: 'patches 4x4', x: [1, 16, 12, 3], weight: [10, 3, 4, 4], stride: 4 },
  {
    name: '7x7 stride 4 padding 3',
    x: [1, 21, 18, 3],
    weight: [6, 3, 7, 7],
    stride: 4,
    padding: 3,
  },
  { name: 'depthwise 3x3', x: [1, 8, 7, 12], weight: [12, 1, 3, 3], padding: 1, groups: 12 },
  { name: 'depthwise 5x5', x: [2, 9, 9, 6], weight: [6, 1, 5, 5], padding: 2, groups: 6 },
  { name: 'depthwise 7x7', x: [1, 10, 9, 8], weight: [8, 1, 7, 7], padding: 3, groups: 8 },
  {
    name: 'depthwise 3x3 stride 2',
    x: [1, 9, 8, 6],
    weight: [6, 1, 3, 3],
    padding: 1,
    stride: 2,
    groups: 6,
  },
  { name: 'grouped', x: [1, 6, 6, 8], weight: [12, 4, 3, 3], padding: 1, groups: 2 },
  { name: 'dilated', x: [1, 11, 11, 4], weight: [5, 4, 3, 3], padding: 2, dilation: 2 },
  { name: 'batch of 3, 2x2 stride 2', x: [3, 8, 8, 4], weight: [8, 4, 2, 2], stride: 2 },
  { name: 'uneven padding', x: [1, 6, 7, 4], weight: [4, 4, 3, 3], padding: [0, 1, 2, 0] },
];

const convolutionCases: readonly OperationCase[] = CONVOLUTIONS.map(
  ({ name, x, weight, bias = true, ...options }) => ({
    name: `conv2d ${name}`,
    inputs: { x: { shape: x } },
    weights: {
      'layer.weight': { shape: weight },
      ...(bias ? { 'layer.bias': { shape: [weight[0]] } } : {}),
    },
    build: ({ x }, w) => conv2d(x!, w.at('layer'), options),
    tolerance: SUM_TOLERANCE,
  }),
);

const transposedCases: readonly OperationCase[] = (
  [
    ['2x2 stride 2', [1, 3, 5, 6], [6, 4, 2, 2], 2],
    ['2x2 stride 2, wide, batch', [2, 8, 7, 33], [33, 17, 2, 2], 2],
    ['3x3 stride 2 overlaps', [1, 4, 4, 3], [3, 5, 3, 3], 2],
    ['4x4 stride 4', [1, 2, 3, 8], [8, 2, 4, 4], 4],
  ] as const
).map(([name, x, weight, stride]) => ({
  name: `convTranspose2d ${name}`,
  inputs: { x: { shape: x } },
  weights: { 'layer.weight': { shape: weight }, 'layer.bias': { shape: [weight[1]] } },
  build: ({ x }, w) => convTranspose2d(x!, w.at('layer'), { stride }),
  tolerance: SUM_TOLERANCE,
}));

const layerNormCases: readonly OperationCase[] = (
  [
    [[1, 1], {}],
    [[3, 255], {}],
    [[2, 4, 4, 24], {}],
    // Far from zero, so that a variance computed as mean(x²) - mean(x)² would fail.
    [[5, 192], { from: 997, to: 1003 }],
  ] as const
).map(([shape, range]: readonly [readonly number[], Partial<OperandSpec>]) => ({
  name: `layerNorm ${formatShape(shape)}${range.from === undefined ? '' : ' far from zero'}`,
  inputs: { x: { shape, ...range } },
  weights: {
    'norm.weight': { shape: [shape.at(-1) ?? 1] },
    'norm.bias': { shape: [shape.at(-1) ?? 1] },
  },
  build: ({ x }, w) => layerNorm(x!, w.at('norm'), { epsilon: 1e-6 }),
  // Far from zero the mean is exact to one f32 step at 1000, 6e-5, over a deviation of 1.7.
  tolerance: range.from === undefined ? SUM_TOLERANCE : 1e-4,
}));

const softmaxCases: readonly OperationCase[] = [
  {
    name: 'softmax',
    inputs: { x: { shape: [3, 5, 77], from: -6, to: 6 } },
    build: ({ x }) => softmax(x!),
  },
  { name: 'softmax of one', inputs: { x: { shape: [4, 1] } }, build: ({ x }) => softmax(x!) },
  {
    name: 'softmax far from zero',
    inputs: { x: { shape: [2, 40], from: 900, to: 1000 } },
    build: ({ x }) => softmax(x!),
    tolerance: 1e-4, // one f32 step at 1000 is 6e-5, and exp turns it into a relative error
  },
];

interface AttentionCase {
  readonly name: string;
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly heads: number;
  readonly d: number;
  readonly dv?: number;
  readonly keyBias?: 'shared' | 'own';
  /** One set of keys for the whole batch. */
  readonly sharedKeys?: boolean;
}

const ATTENTIONS: readonly AttentionCase[] = [
  { name: 'one query, one key', batch: 1, queries: 1, keys: 1, heads: 1, d: 1 },
  { name: 'self', batch: 1, queries: 37, keys: 37, heads: 3, d: 16 },
  { name: 'head of 48', batch: 1, queries: 70, keys: 70, heads: 4, d: 48 },
  { name: 'head of 64', batch: 1, queries: 65, keys: 130, heads: 2, d: 64 },
  { name: 'head of 80', batch: 1, queries: 33, keys: 49, heads: 2, d: 80 },
  { name: 'few queries to many keys', batch: 2, queries: 7, keys: 256, heads: 8, d: 16 },
  { name: 'many queries to few keys', batch: 3, queries: 144, keys: 9, heads: 4, d: 32 },
  {
    name: 'keys shared by a batch',
    batch: 3,
    queries: 7,
    keys: 50,
    heads: 2,
    d: 8,
    sharedKeys: true,
  },
  { name: 'other value width', batch: 1, queries: 5, keys: 11, heads: 2, d: 8, dv: 12 },
  {
    name: 'keys removed for all',
    batch: 2,
    queries: 6,
    keys: 9,
    heads: 2,
    d: 8,
    keyBias: 'shared',
  },
  {
    name: 'keys removed per batch',
    batch: 3,
    queries: 20,
    keys: 8,
    heads: 2,
    d: 16,
    keyBias: 'own',
  },
];

const attentionCases: readonly OperationCase[] = ATTENTIONS.map(
  ({ name, batch, queries, keys, heads, d, dv = d, keyBias, sharedKeys = false }) => ({
    name: `attention ${name}`,
    inputs: {
      q: { shape: [batch, queries, heads * d], from: -2, to: 2 },
      k: { shape: [sharedKeys ? 1 : batch, keys, heads * d], from: -2, to: 2 },
      v: { shape: [sharedKeys ? 1 : batch, keys, heads * dv] },
      ...(keyBias === undefined
        ? {}
        : {
            bias: {
              shape: [keyBias === 'own' ? batch : 1, keys],
              values: [0, 0, REMOVED_KEY, 0, 0.5, REMOVED_KEY, 0],
            },
          }),
    },
    build: ({ q, k, v, bias }) =>
      attention(q!, k!, v!, bias === undefined ? { heads } : { heads, keyBias: bias }),
    tolerance: SUM_TOLERANCE,
  }),
);

const ROTARIES = [
  { name: 'one head (SAM 2)', x: [1, 8, 64], table: [8, 64], heads: 1 },
  { name: 'memories and pointers', x: [2, 11, 24], table: [4, 12], heads: 2, rotated: 8 },
  { name: 'odd pairs', x: [1, 3, 18], table: [3, 6], heads: 3 },
] as const;

const rotaryCases: readonly OperationCase[] = ROTARIES.map(({ name, x, table, ...options }) => ({
  name: `rotary ${name}`,
  inputs: { x: { shape: x }, table: { shape: table } },
  build: ({ x, table }) => rotary(x!, table!, options),
}));

export const layerCases: readonly OperationCase[] = [
  ...matmulCases,
  ...linearCases,
  ...convolutionCases,
  ...transposedCases,
  ...layerNormCases,
  ...softmaxCases,
  ...attentionCases,
  ...rotaryCases,
];
