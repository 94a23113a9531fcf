import {
  averagePool2d,
  concat,
  expand,
  gather,
  maxPool2d,
  pad,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceSum,
  reshape,
  resize,
  slice,
  split,
  type Tensor,
  transpose,
} from '@samgpu/graph';

import type { OperationCase } from './operation-case.ts';

function shapeCase(
  name: string,
  shape: readonly number[],
  build: (x: Tensor) => Tensor,
): OperationCase {
  return { name, inputs: { x: { shape } }, build: ({ x }) => build(x!) };
}

const LAYOUT_CASES: readonly OperationCase[] = [
  shapeCase('reshape', [2, 3, 4], (x) => reshape(x, [4, -1])),
  shapeCase('transpose two axes', [5, 7], (x) => transpose(x, [1, 0])),
  shapeCase('transpose [0, 2, 1, 3]', [2, 5, 3, 8], (x) => transpose(x, [0, 2, 1, 3])),
  shapeCase('transpose five axes', [1, 2, 3, 4, 5], (x) => transpose(x, [4, 2, 0, 3, 1])),
  shapeCase('transpose six axes (windows)', [1, 2, 7, 3, 7, 4], (x) =>
    transpose(x, [0, 1, 3, 2, 4, 5]),
  ),
  shapeCase('slice the first axis', [6, 5], (x) => slice(x, 0, 1, 4)),
  shapeCase('slice the last axis', [3, 10], (x) => slice(x, -1, -4)),
  shapeCase('last of three parts', [1, 5, 12], (x) => split(x, 2, 3)[2]!),
  shapeCase('pad', [2, 3, 4], (x) => pad(x, [0, 1, 2], [1, 0, 3], 0.25)),
  shapeCase('pad a map to windows', [1, 5, 6, 3], (x) => pad(x, [0, 0, 0, 0], [0, 2, 1, 0])),
  shapeCase('expand', [3, 1, 4], (x) => expand(x, [2, 3, 5, 4])),
  {
    name: 'concat along the last axis',
    inputs: { a: { shape: [2, 3, 4] }, b: { shape: [2, 3, 1] }, c: { shape: [2, 3, 7] } },
    build: ({ a, b, c }) => concat([a!, b!, c!], -1),
  },
  {
    name: 'concat along the first axis',
    inputs: { a: { shape: [2, 5] }, b: { shape: [3, 5] } },
    build: ({ a, b }) => concat([a!, b!], 0),
  },
  {
    name: 'gather rows',
    inputs: { table: { shape: [9, 4] }, at: { shape: [2, 3], integer: true, from: 0, to: 9 } },
    build: ({ table, at }) => gather(table!, at!),
  },
  {
    name: 'gather clamps',
    inputs: {
      table: { shape: [5, 2, 3] },
      at: { shape: [4], integer: true, values: [-7, 0, 4, 99] },
    },
    build: ({ table, at }) => gather(table!, at!),
  },
];

const REDUCE_CASES: readonly OperationCase[] = [
  shapeCase('reduceSum of the last axis', [4, 33], (x) => reduceSum(x, -1)),
  shapeCase('reduceMean of a map', [2, 5, 7, 3], (x) => reduceMean(x, [1, 2], { keepAxes: true })),
  shapeCase('reduceMax of a middle axis', [2, 6, 5], (x) => reduceMax(x, 1)),
  shapeCase('reduceMin of all axes', [3, 4], (x) => reduceMin(x, [0, 1])),
];

const SPATIAL_CASES: readonly OperationCase[] = [
  shapeCase('resize nearest x2', [1, 3, 4, 5], (x) => resize(x, [6, 8], 'nearest')),
  shapeCase('resize nearest down', [1, 7, 9, 2], (x) => resize(x, [3, 4], 'nearest')),
  shapeCase('resize bilinear up', [1, 4, 5, 3], (x) => resize(x, [16, 13], 'bilinear')),
  shapeCase('resize bilinear down', [2, 9, 8, 2], (x) => resize(x, [5, 3], 'bilinear')),
  shapeCase('resize bicubic up', [1, 7, 7, 2], (x) => resize(x, [16, 16], 'bicubic')),
  shapeCase('resize bicubic down', [1, 9, 11, 2], (x) => resize(x, [4, 6], 'bicubic')),
  shapeCase('maxPool2d 2x2', [1, 6, 8, 3], (x) => maxPool2d(x, 2)),
  shapeCase('maxPool2d 3x3 stride 2 padded', [1, 7, 7, 4], (x) =>
    maxPool2d(x, 3, { stride: 2, padding: 1 }),
  ),
  shapeCase('maxPool2d 5x5 stride 1', [1, 6, 5, 2], (x) =>
    maxPool2d(x, 5, { stride: 1, padding: 2 }),
  ),
  shapeCase('averagePool2d 3x3 padded', [1, 5, 5, 2], (x) =>
    averagePool2d(x, 3, { stride: 2, padding: 1 }),
  ),
];

export const layoutCases: readonly OperationCase[] = [
  ...LAYOUT_CASES,
  ...REDUCE_CASES,
  ...SPATIAL_CASES,
];
