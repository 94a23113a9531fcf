import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  add,
  attention,
  concat,
  conv2d,
  elementCount,
  expand,
  interpret,
  linear,
  matmul,
  maximum,
  mul,
  type NumericArray,
  pad,
  reduceMax,
  reduceSum,
  reshape,
  resize,
  slice,
  softmax,
  split,
  sub,
  type Tensor,
  trace,
  transpose,
} from './index.ts';

const sizes = fc.integer({ min: 1, max: 4 });
const shapes = fc.array(sizes, { minLength: 1, maxLength: 5 });

/** A tensor of whole numbers, on which sums and products are exact. */
function arrayOf(shape: readonly number[]): fc.Arbitrary<NumericArray> {
  const count = elementCount(shape);
  return fc
    .array(fc.integer({ min: -50, max: 50 }), { minLength: count, maxLength: count })
    .map((values) => ({ shape, data: Float64Array.from(values) }));
}

const arrays = shapes.chain(arrayOf);

function run(
  inputs: Readonly<Record<string, NumericArray>>,
  build: (inputs: Readonly<Record<string, Tensor>>) => Tensor,
): NumericArray {
  const graph = trace('property', inputs, new Map(), (tensors) => ({ y: build(tensors) }));
  return interpret(graph, inputs)['y']!;
}

/** The same computation in two ways, on the same inputs. */
function expectSame(
  inputs: Readonly<Record<string, NumericArray>>,
  left: (inputs: Readonly<Record<string, Tensor>>) => Tensor,
  right: (inputs: Readonly<Record<string, Tensor>>) => Tensor,
): void {
  expect(run(inputs, left)).toEqual(run(inputs, right));
}

const withPermutation = arrays.chain((x) =>
  fc.tuple(
    fc.constant(x),
    fc.shuffledSubarray(
      x.shape.map((_, axis) => axis),
      { minLength: x.shape.length },
    ),
  ),
);
const withAxis = arrays.chain((x) =>
  fc.tuple(fc.constant(x), fc.integer({ min: -x.shape.length, max: x.shape.length - 1 })),
);

describe('layout', () => {
  test('a reshape and back is the same tensor', () => {
    fc.assert(
      fc.property(arrays, (x) => {
        const back = run({ x }, ({ x }) => reshape(reshape(x!, [-1]), x!.shape));
        expect(back).toEqual(x);
      }),
    );
  });

  test('a transpose and its inverse is the same tensor', () => {
    fc.assert(
      fc.property(withPermutation, ([x, permutation]) => {
        const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
        const back = run({ x }, ({ x }) => transpose(transpose(x!, permutation), inverse));
        expect(back).toEqual(x);
      }),
    );
  });

  test('a transpose moves the element at every position', () => {
    fc.assert(
      fc.property(withPermutation, ([x, permutation]) => {
        const y = run({ x }, ({ x }) => transpose(x!, permutation));
        for (const position of positionsOf(x.shape)) {
          const moved = permutation.map((axis) => position[axis]!);
          expect(elementAt(y, moved)).toBe(elementAt(x, position));
        }
      }),
    );
  });

  test('the parts of a split join to the whole', () => {
    fc.assert(
      fc.property(withAxis, ([x, axis]) => {
        const count = x.shape.at(axis)!;
        const whole = run({ x }, ({ x }) => concat(split(x!, axis, count), axis));
        expect(whole).toEqual(x);
      }),
    );
  });

  test('a slice undoes a pad', () => {
    fc.assert(
      fc.property(withAxis, fc.nat(3), fc.nat(3), ([x, axis], before, after) => {
        const along = axis < 0 ? axis + x.shape.length : axis;
        const only = (size: number): number[] => x.shape.map((_, i) => (i === along ? size : 0));
        const size = x.shape[along]!;
        const back = run({ x }, ({ x }) =>
          slice(pad(x!, only(before), only(after), 7), axis, before, before + size),
        );
        expect(back).toEqual(x);
      }),
    );
  });
});

describe('broadcasting', () => {
  // Two shapes that broadcast: parts of one shape with some sizes turned to 1.
  const pairs = shapes.chain((shape) => {
    const operand = fc
      .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }))
      .chain(([skipped, ones]) =>
        arrayOf(shape.slice(skipped).map((size, axis) => (ones[axis] === true ? 1 : size))),
      );
    return fc.tuple(operand, operand);
  });

  test('agrees with looking elements up one by one', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const y = run({ a, b }, ({ a, b }) => sub(a!, b!));
        const lookUp = (x: NumericArray, position: readonly number[]): number =>
          elementAt(
            x,
            x.shape.map((size, axis) =>
              size === 1 ? 0 : position[axis + position.length - x.shape.length]!,
            ),
          );
        for (const position of positionsOf(y.shape)) {
          expect(elementAt(y, position)).toBe(lookUp(a, position) - lookUp(b, position));
        }
      }),
    );
  });

  test('is what expand does', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const { shape } = run({ a, b }, ({ a, b }) => add(a!, b!));
        expectSame(
          { a, b },
          ({ a, b }) => mul(a!, b!),
          ({ a, b }) => mul(expand(a!, shape), expand(b!, shape)),
        );
      }),
    );
  });
});

describe('operations in terms of others', () => {
  const matrices = fc
    .tuple(sizes, sizes, sizes, sizes)
    .chain(([batch, m, k, n]) =>
      fc.record({ a: arrayOf([batch, m, k]), b: arrayOf([k, n]), bias: arrayOf([n]) }),
    );

  test('matmul is a broadcast product and a sum', () => {
    fc.assert(
      fc.property(matrices, ({ a, b }) => {
        expectSame(
          { a, b },
          ({ a, b }) => matmul(a!, b!),
          ({ a, b }) => reduceSum(mul(reshape(a!, [...a!.shape, 1]), b!), 2),
        );
      }),
    );
  });

  test('linear is matmul by a transposed weight, and a 1x1 convolution', () => {
    fc.assert(
      fc.property(matrices, (inputs) => {
        const weightOf = (b: Tensor): Tensor => transpose(b, [1, 0]);
        expectSame(
          inputs,
          ({ a, b, bias }) => linear(a!, { weight: weightOf(b!), bias: bias! }),
          ({ a, b, bias }) => add(matmul(a!, weightOf(b!), { transposeB: true }), bias!),
        );
        expectSame(
          inputs,
          ({ a, b, bias }) => linear(a!, { weight: weightOf(b!), bias: bias! }),
          ({ a, b, bias }) => {
            const [batch, m, k] = a!.shape as [number, number, number];
            const n = b!.shape[1]!;
            const weight = reshape(weightOf(b!), [n, k, 1, 1]);
            const map = conv2d(reshape(a!, [batch, m, 1, k]), { weight, bias: bias! });
            return reshape(map, [batch, m, n]);
          },
        );
      }),
    );
  });

  test('attention with one head is softmax between two products', () => {
    const operands = fc.tuple(sizes, sizes, sizes, sizes).chain(([batch, queries, keys, d]) =>
      fc.record({
        q: arrayOf([batch, queries, d]),
        k: arrayOf([batch, keys, d]),
        v: arrayOf([batch, keys, d]),
      }),
    );
    fc.assert(
      fc.property(operands, (inputs) => {
        // A power of two, so that it does not matter where it is multiplied.
        const scale = 2 ** -10;
        expectSame(
          inputs,
          ({ q, k, v }) => attention(q!, k!, v!, { heads: 1, scale }),
          ({ q, k, v }) => matmul(softmax(matmul(mul(q!, scale), k!, { transposeB: true })), v!),
        );
      }),
    );
  });

  test('the maximum along an axis is the maximum of its slices', () => {
    fc.assert(
      fc.property(withAxis, ([x, axis]) => {
        expectSame(
          { x },
          ({ x }) => reduceMax(x!, axis, { keepAxes: true }),
          ({ x }) =>
            split(x!, axis, x!.shape.at(axis)!).reduce((best, part) => maximum(best, part)),
        );
      }),
    );
  });

  test('nearest by a whole factor repeats pixels', () => {
    const images = fc
      .tuple(sizes, sizes, sizes)
      .chain(([height, width, channels]) => arrayOf([1, height, width, channels]));
    fc.assert(
      fc.property(images, sizes, (x, factor) => {
        const [, height, width, channels] = x.shape as [number, number, number, number];
        expectSame(
          { x },
          ({ x }) => resize(x!, [height * factor, width * factor], 'nearest'),
          ({ x }) =>
            reshape(
              expand(reshape(x!, [height, 1, width, 1, channels]), [
                height,
                factor,
                width,
                factor,
                channels,
              ]),
              [1, height * factor, width * factor, channels],
            ),
        );
      }),
    );
  });
});

function* positionsOf(shape: readonly number[]): Generator<readonly number[]> {
  const [size, ...rest] = shape;
  if (size === undefined) {
    yield [];
    return;
  }
  for (let index = 0; index < size; index++) {
    for (const position of positionsOf(rest)) {
      yield [index, ...position];
    }
  }
}

// Horner's rule, so that it shares nothing with the strides of the interpreter.
function elementAt({ shape, data }: NumericArray, position: readonly number[]): number {
  return data[position.reduce((offset, index, axis) => offset * shape[axis]! + index, 0)]!;
}
