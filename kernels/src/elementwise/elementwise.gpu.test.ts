import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { ACTIVATION_REFERENCE } from '../activation/activation.reference.ts';
import { ACTIVATIONS, type Activation } from '../activation/activation.ts';
import { broadcastView, denseView, type View, viewExtent } from '../view/view.ts';
import { BINARY_REFERENCE, readView } from './elementwise.reference.ts';
import {
  BINARY_KINDS,
  binaryKernel,
  clampCastKernel,
  unaryKernel,
  whereKernel,
} from './elementwise.ts';

const gpu = await openTestDevice();

/** Numbers between -6 and 6 that repeat late. */
function values(count: number, seed = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => 6 * Math.sin(index * index + seed));
}

function integers(count: number, seed = 1): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => ((index * 7 + seed * 3) % 11) - 5);
}

function largestError(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  scaleOf: (value: number) => number = () => 1,
): number {
  expect(got.length).toBeGreaterThanOrEqual(expected.length);
  let worst = 0;
  for (let index = 0; index < expected.length; index++) {
    const want = expected[index]!;
    const error = Object.is(got[index], want) ? 0 : Math.abs(got[index]! - want) / scaleOf(want);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

/** Arguments in the domain of a function, its far ends included. */
function domainOf(activation: Activation): Float32Array {
  const positive: readonly Activation[] = ['log', 'sqrt', 'reciprocal'];
  if (positive.includes(activation)) return values(501).map((x) => Math.abs(x) + 0.01);
  if (activation === 'exp') return values(501);
  if (activation === 'sin' || activation === 'cos') return values(501).map((x) => x ** 5);
  return Float32Array.from([...values(490), 0, -0, 0.5, 1.5, 2.5, -2.5, 30, -30, 200, -200, 1e-5]);
}

describe.skipIf(gpu === undefined)(`elementwise kernels${missingDevice()}`, () => {
  test.each(ACTIVATIONS)('%s matches its definition', async (activation) => {
    const x = domainOf(activation);
    const kernel = unaryKernel({ x: denseView([x.length]), activation }, gpu!.kernelDevice);
    const { y } = await runKernel(gpu!, kernel, { x, y: x.byteLength });
    const expected = Float64Array.from(x, ACTIVATION_REFERENCE[activation]);
    // WGSL gives exp 3 + 2|x| units in the last place, 15 here, and the others fewer or, as log near
    // 1, an absolute 5e-7. The error of gelu is 1.3e-7 * max(1, |x|).
    expect(largestError(y!, expected, (want) => 1 + Math.abs(want))).toBeLessThan(1e-6);
  });

  test('four lanes and one compute the same', async () => {
    const x = values(64);
    for (const [activation, length] of [
      ['gelu', 64],
      ['gelu', 63],
    ] as const) {
      const kernel = unaryKernel({ x: denseView([length]), activation }, gpu!.kernelDevice);
      expect(kernel.source).toContain(length === 64 ? 'Value = vec4<f32>' : 'Value = f32');
      const { y } = await runKernel(gpu!, kernel, { x, y: length * 4 });
      const expected = Float64Array.from(x.subarray(0, length), ACTIVATION_REFERENCE.gelu);
      expect(largestError(y!, expected)).toBeLessThan(1e-6); // as above
    }
  });

  test.each<{ what: string; x: View }>([
    { what: 'columns of wider rows', x: { shape: [5, 8], strides: [24, 1], offset: 8 } },
    { what: 'columns that are not aligned', x: { shape: [5, 7], strides: [24, 1], offset: 3 } },
    { what: 'a transposed matrix', x: { shape: [7, 5], strides: [1, 7], offset: 0 } },
    {
      what: 'six axes',
      x: { shape: [2, 3, 2, 3, 2, 4], strides: [1, 8, 100, 30, 400, 2], offset: 5 },
    },
    { what: 'one element, many times', x: { shape: [3, 8], strides: [0, 0], offset: 2 } },
    { what: 'a single element', x: { shape: [1, 1], strides: [1, 1], offset: 1 } },
  ])('reads $what', async ({ x: view }) => {
    const x = values(viewExtent(view));
    const kernel = unaryKernel({ x: view, activation: 'neg' }, gpu!.kernelDevice);
    const expected = readView(x, view).map((value) => -value);
    const { y } = await runKernel(gpu!, kernel, { x, y: expected.length * 4 });
    expect([...y!]).toEqual([...expected]);
  });

  test('more steps than one dimension of the grid holds', async () => {
    const device = { ...gpu!.kernelDevice, workgroupsPerDimension: 7 };
    const x = values(4 * 256 * 50 + 4);
    const kernel = unaryKernel({ x: denseView([x.length]), activation: 'neg' }, device);
    expect(kernel.workgroups[1]).toBeGreaterThan(1);
    const { y } = await runKernel(gpu!, kernel, { x, y: x.byteLength });
    expect(
      largestError(
        y!,
        x.map((value) => -value),
      ),
    ).toBe(0);
  });

  test.each(BINARY_KINDS)('%s matches its definition', async (kind) => {
    const isPower = kind === 'pow';
    // Equal elements occur, and negative bases with whole exponents.
    const a = Float32Array.from(values(501), (x, index) =>
      index % 3 === 0 ? Math.round(x) || 1 : x,
    );
    const b = Float32Array.from(values(501, 2), (x, index) =>
      index % 3 === 0 ? Math.round(x / 2) : isPower ? Math.abs(x) / 3 : x,
    );
    if (isPower) a.forEach((x, index) => (a[index] = index % 3 === 0 ? x : Math.abs(x) + 0.01));
    const shape = [501];
    const options = { a: denseView(shape), b: denseView(shape), kind, shape };
    const { y } = await runKernel(gpu!, binaryKernel(options, gpu!.kernelDevice), {
      a,
      b,
      y: a.byteLength,
    });
    const expected = Float64Array.from(a, (x, index) => BINARY_REFERENCE[kind](x, b[index]!));
    const finite = (want: number): number => (Number.isFinite(want) ? 1 + Math.abs(want) : 1);
    // One rounding, and a division by 2.5 units. pow is exp2(b * log2(a)) on many devices: 8e-6.
    expect(largestError(y!, expected, finite)).toBeLessThan(isPower ? 1e-5 : 3e-7);
  });

  test.each(BINARY_KINDS.filter((kind) => kind !== 'div' && kind !== 'pow'))(
    '%s of integers is exact',
    async (kind) => {
      const a = integers(36);
      const b = integers(36, 2);
      const shape = [36];
      const options = {
        a: denseView(shape),
        b: denseView(shape),
        kind,
        shape,
        type: 'i32',
      } as const;
      const { y } = await runKernel(gpu!, binaryKernel(options, gpu!.kernelDevice), {
        a,
        b,
        y: a.byteLength,
      });
      const isComparison = BINARY_KINDS.indexOf(kind) >= BINARY_KINDS.indexOf('equal');
      const got = isComparison ? y! : new Int32Array(y!.buffer);
      expect([...got]).toEqual([...a].map((x, index) => BINARY_REFERENCE[kind](x, b[index]!) + 0));
    },
  );

  test('i32 has no division', () => {
    const shape = [4];
    const options = { a: denseView(shape), b: denseView(shape), kind: 'div', shape } as const;
    expect(() => binaryKernel({ ...options, type: 'i32' }, gpu!.kernelDevice)).toThrow(TypeError);
  });

  test.each([
    { a: [4, 8], b: [8] },
    { a: [4, 8], b: [4, 1] }, // one element of b for all lanes
    { a: [1], b: [4, 8] },
    { a: [3, 5], b: [5] },
    { a: [2, 1, 3, 4], b: [5, 1, 4] },
    { a: [1, 6, 1, 8], b: [3, 1, 5, 8] },
    { a: [2, 1, 3, 1, 2, 1], b: [1, 2, 1, 3, 1, 5] },
    { a: [1], b: [1] },
  ])('broadcasts $a and $b, then applies relu', async ({ a: shapeA, b: shapeB }) => {
    const rank = Math.max(shapeA.length, shapeB.length);
    const at = (shape: number[], axis: number): number => shape.at(axis - rank) ?? 1;
    const shape = Array.from({ length: rank }, (_, axis) =>
      Math.max(at(shapeA, axis), at(shapeB, axis)),
    );
    const viewA = denseView(shapeA, 4);
    const viewB = denseView(shapeB, 8);
    const a = values(viewExtent(viewA));
    const b = values(viewExtent(viewB), 3);
    const kernel = binaryKernel(
      { a: viewA, b: viewB, kind: 'sub', shape, activation: 'relu', resultOffset: 4 },
      gpu!.kernelDevice,
    );
    const left = readView(a, broadcastView(viewA, shape));
    const right = readView(b, broadcastView(viewB, shape));
    const expected = left.map((x, index) => Math.max(x - right[index]!, 0));
    const { y } = await runKernel(gpu!, kernel, { a, b, y: (expected.length + 4) * 4 });
    expect([...y!.subarray(0, 4)]).toEqual(new Array(4).fill(Number.NaN)); // before the result
    expect(largestError(y!.subarray(4), expected)).toBeLessThan(1e-6); // one rounding near 12
  });

  test.each([
    { shape: [6, 8], condition: [6, 1], conditionType: 'f32', type: 'f32' },
    { shape: [5, 7], condition: [7], conditionType: 'i32', type: 'f32' },
    { shape: [5, 8], condition: [5, 8], conditionType: 'f32', type: 'i32' },
    { shape: [5, 8], condition: [5, 1], conditionType: 'i32', type: 'i32' },
  ] as const)('chooses $type by $conditionType of $condition', async (options) => {
    const { shape, conditionType, type } = options;
    const count = shape[0] * shape[1];
    const conditionView = denseView(options.condition);
    const whole = integers(count).map((value) => Math.trunc(value / 4)); // mostly 0
    const condition = conditionType === 'i32' ? whole : Float32Array.from(whole);
    const a = type === 'i32' ? integers(count) : values(count);
    const b = type === 'i32' ? Int32Array.of(9) : Float32Array.of(Number.NaN);
    const kernel = whereKernel(
      {
        condition: conditionView,
        a: denseView(shape),
        b: denseView([1]),
        shape,
        type,
        conditionType,
      },
      gpu!.kernelDevice,
    );
    const { y } = await runKernel(gpu!, kernel, { condition, a, b, y: count * 4 });
    const chosen = readView(condition, broadcastView(conditionView, shape));
    const got = type === 'i32' ? new Int32Array(y!.buffer) : y!;
    expect([...got]).toEqual([...a].map((x, index) => (chosen[index] === 0 ? b[0] : x)));
  });

  test.each([
    { from: 'f32', to: 'f32', minimum: -1.5, maximum: 2 },
    { from: 'f32', to: 'f32', minimum: Number.NEGATIVE_INFINITY, maximum: 0 },
    { from: 'i32', to: 'i32', minimum: -2, maximum: 3 },
    { from: 'f32', to: 'i32' },
    { from: 'i32', to: 'f32' },
  ] as const)('clamps and casts $from to $to', async (options) => {
    const { from, to } = options;
    const limits = { minimum: Number.NEGATIVE_INFINITY, maximum: Infinity, ...options };
    for (const count of [32, 31]) {
      const x = from === 'i32' ? integers(count) : values(count);
      const kernel = clampCastKernel({ x: denseView([count]), ...options }, gpu!.kernelDevice);
      const { y } = await runKernel(gpu!, kernel, { x, y: count * 4 });
      const got = to === 'i32' ? new Int32Array(y!.buffer) : y!;
      const clamped = [...x].map((value) =>
        Math.min(Math.max(value, limits.minimum), limits.maximum),
      );
      const expected = to === 'i32' ? clamped.map((value) => Math.trunc(value) + 0) : clamped;
      expect([...got].slice(0, count)).toEqual(expected);
    }
  });
});
