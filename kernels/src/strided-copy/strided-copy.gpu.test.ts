import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { broadcastView, denseView, type View, viewExtent } from '../view/view.ts';
import { padKernel } from './pad.ts';
import { copyReference, padReference } from './strided-copy.reference.ts';
import { copyKernel } from './strided-copy.ts';

const gpu = await openTestDevice();

function numbers(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => index + 0.5);
}

function permuted(shape: readonly number[], permutation: readonly number[], offset = 0): View {
  const { strides } = denseView(shape);
  return {
    shape: permutation.map((axis) => shape[axis]!),
    strides: permutation.map((axis) => strides[axis]!),
    offset,
  };
}

const CASES: readonly { what: string; x: View; target: View }[] = [
  { what: 'a dense tensor', x: denseView([6, 8]), target: denseView([6, 8]) },
  {
    what: 'columns of wider rows',
    x: { shape: [5, 8], strides: [24, 1], offset: 16 },
    target: denseView([5, 8]),
  },
  {
    what: 'columns that are not aligned',
    x: { shape: [5, 7], strides: [23, 1], offset: 3 },
    target: denseView([5, 7]),
  },
  {
    what: 'a part of a concatenation',
    x: denseView([5, 4]),
    target: { shape: [5, 4], strides: [12, 1], offset: 4 },
  },
  {
    what: 'a row, many times',
    x: broadcastView(denseView([8]), [5, 8]),
    target: denseView([5, 8]),
  },
  {
    what: 'a column, many times',
    x: broadcastView(denseView([5, 1]), [5, 8]),
    target: denseView([5, 8]),
  },
  { what: 'a transposed matrix', x: permuted([64, 36], [1, 0]), target: denseView([36, 64]) },
  {
    what: 'a transposed matrix of odd size',
    x: permuted([37, 70], [1, 0], 3),
    target: denseView([70, 37], 1),
  },
  {
    what: 'channels brought forward',
    x: permuted([2, 7, 5, 12], [0, 3, 1, 2]),
    target: denseView([2, 12, 7, 5]),
  },
  {
    what: 'channels brought forward in blocks',
    x: permuted([2, 8, 4, 12], [0, 3, 1, 2]),
    target: denseView([2, 12, 8, 4]),
  },
  {
    what: 'windows cut from a grid',
    x: permuted([2, 3, 4, 2, 5, 8], [0, 1, 3, 2, 4, 5]),
    target: denseView([2, 3, 2, 4, 5, 8]),
  },
  {
    what: 'all six axes reversed',
    x: permuted([2, 3, 2, 3, 2, 3], [5, 4, 3, 2, 1, 0]),
    target: denseView([3, 2, 3, 2, 3, 2]),
  },
  {
    what: 'a transposed part of a wider target',
    x: permuted([8, 12], [1, 0]),
    target: { shape: [12, 8], strides: [20, 1], offset: 8 },
  },
  { what: 'a single element', x: denseView([1, 1], 2), target: denseView([1, 1]) },
];

describe.skipIf(gpu === undefined)(`strided copy${missingDevice()}`, () => {
  for (const software of [true, false]) {
    test.each(CASES)(
      `copies $what (software adapter: ${software})`,
      async ({ x: view, target }) => {
        const x = numbers(viewExtent(view));
        const before = new Float32Array(viewExtent(target)).fill(Number.NaN);
        const device = { ...gpu!.kernelDevice, software };
        const kernel = copyKernel({ x: view, target }, device);
        const { y } = await runKernel(gpu!, kernel, { x, y: before.byteLength });
        expect([...y!]).toEqual(copyReference(x, view, before, target));
      },
    );
  }

  test('more workgroups than one dimension of the grid holds', async () => {
    const device = { ...gpu!.kernelDevice, workgroupsPerDimension: 3, software: false };
    const x = numbers(5 * 70 * 40);
    const view = permuted([5, 70, 40], [0, 2, 1]);
    const target = denseView(view.shape);
    const { y } = await runKernel(gpu!, copyKernel({ x: view, target }, device), {
      x,
      y: x.byteLength,
    });
    expect([...y!]).toEqual(copyReference(x, view, x, target));
  });

  test('shapes have to be equal', () => {
    expect(() =>
      copyKernel({ x: denseView([2, 3]), target: denseView([3, 2]) }, gpu!.kernelDevice),
    ).toThrow('copy of [2, 3] into [3, 2]');
  });

  test.each<{ x: View; before: number[]; after: number[]; value: number; type?: 'i32' }>([
    { x: denseView([5, 6, 8]), before: [0, 0, 0], after: [2, 1, 0], value: 0 },
    { x: denseView([5, 6, 3]), before: [1, 2, 1], after: [0, 1, 0], value: -1.5 },
    { x: denseView([2, 5, 6, 8]), before: [0, 3, 1, 4], after: [0, 0, 2, 4], value: 7 },
    { x: { shape: [4, 4], strides: [1, 8], offset: 4 }, before: [1, 0], after: [0, 4], value: 2 },
    {
      x: denseView([2, 2, 2, 2, 2, 2]),
      before: [1, 1, 1, 1, 1, 1],
      after: [1, 0, 1, 0, 1, 0],
      value: 0,
    },
    { x: denseView([7]), before: [2], after: [3], value: -3, type: 'i32' },
  ])('pads $x.shape by $before and $after', async (options) => {
    const { x: view, before, after, value, type } = options;
    const x =
      type === 'i32' ? Int32Array.from(numbers(viewExtent(view))) : numbers(viewExtent(view));
    const expected = padReference(x, view, before, after, value);
    const { y } = await runKernel(gpu!, padKernel(options, gpu!.kernelDevice), {
      x,
      y: expected.length * 4,
    });
    expect([...(type === 'i32' ? new Int32Array(y!.buffer) : y!)]).toEqual(expected);
  });
});
