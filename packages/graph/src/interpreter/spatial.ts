import type { GraphNode, ReduceKind, ResizeMode } from '../node.ts';
import { axisSize, stridesOf } from '../shape.ts';
import { emptyArray, type NumericArray, operand, walk } from './array.ts';

type Four = readonly [number, number, number, number];

/** A source position and its weight in one output position. */
interface Tap {
  readonly index: number;
  readonly weight: number;
}

/** PyTorch's coefficient of the cubic convolution kernel. */
const CUBIC = -0.75;

function cubicWeight(distance: number): number {
  const x = Math.abs(distance);
  if (x <= 1) {
    return (CUBIC + 2) * x ** 3 - (CUBIC + 3) * x ** 2 + 1;
  }
  return x < 2 ? CUBIC * x ** 3 - 5 * CUBIC * x ** 2 + 8 * CUBIC * x - 4 * CUBIC : 0;
}

function tapsOf(mode: ResizeMode, position: number, from: number, to: number): Tap[] {
  const last = from - 1;
  const clampIndex = (index: number): number => Math.min(Math.max(index, 0), last);
  if (mode === 'nearest') {
    return [{ index: clampIndex(Math.floor((position * from) / to)), weight: 1 }];
  }
  const center = ((position + 0.5) * from) / to - 0.5;
  if (mode === 'bilinear') {
    const inside = Math.min(Math.max(center, 0), last);
    const left = Math.floor(inside);
    return [
      { index: left, weight: 1 - (inside - left) },
      { index: clampIndex(left + 1), weight: inside - left },
    ];
  }
  const left = Math.floor(center);
  return [-1, 0, 1, 2].map((offset) => ({
    index: clampIndex(left + offset),
    weight: cubicWeight(center - (left + offset)),
  }));
}

export function resize(node: GraphNode<'resize'>, inputs: readonly NumericArray[]): NumericArray {
  const x = operand(inputs, 0);
  const { mode } = node.attributes;
  const [batch, height, width, channels] = x.shape as Four;
  const [, outHeight, outWidth] = node.shape as Four;
  const columns = Array.from({ length: outWidth }, (_, i) => tapsOf(mode, i, width, outWidth));
  const result = emptyArray(node.shape);
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const rows = tapsOf(mode, oy, height, outHeight);
      columns.forEach((taps, ox) => {
        const target = ((n * outHeight + oy) * outWidth + ox) * channels;
        for (const row of rows) {
          for (const column of taps) {
            const source = ((n * height + row.index) * width + column.index) * channels;
            for (let c = 0; c < channels; c++) {
              result.data[target + c] =
                (result.data[target + c] ?? 0) +
                row.weight * column.weight * (x.data[source + c] ?? 0);
            }
          }
        }
      });
    }
  }
  return result;
}

export function pool2d(node: GraphNode<'pool2d'>, inputs: readonly NumericArray[]): NumericArray {
  const x = operand(inputs, 0);
  const { kind, size, stride, padding } = node.attributes;
  const [batch, height, width, channels] = x.shape as Four;
  const [, outHeight, outWidth] = node.shape as Four;
  const result = emptyArray(node.shape);
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let c = 0; c < channels; c++) {
          const values: number[] = [];
          for (let ky = 0; ky < size[0]; ky++) {
            for (let kx = 0; kx < size[1]; kx++) {
              const y = oy * stride[0] - padding[0] + ky;
              const column = ox * stride[1] - padding[1] + kx;
              if (y >= 0 && y < height && column >= 0 && column < width) {
                values.push(x.data[((n * height + y) * width + column) * channels + c] ?? 0);
              }
            }
          }
          const target = ((n * outHeight + oy) * outWidth + ox) * channels + c;
          result.data[target] = REDUCE[kind === 'max' ? 'max' : 'mean'](values);
        }
      }
    }
  }
  return result;
}

const REDUCE: { readonly [Kind in ReduceKind]: (values: readonly number[]) => number } = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  max: (values) => values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY),
  min: (values) => values.reduce((best, value) => Math.min(best, value), Number.POSITIVE_INFINITY),
};

export function reduce(node: GraphNode<'reduce'>, inputs: readonly NumericArray[]): NumericArray {
  const x = operand(inputs, 0);
  const { kind, axes } = node.attributes;
  const strides = stridesOf(x.shape);
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const pick = (list: readonly number[]): [number[], number[]] => [
    list.map((axis) => axisSize(x.shape, axis)),
    list.map((axis) => strides[axis] ?? 0),
  ];
  const [keptShape, keptSteps] = pick(kept);
  const [reducedShape, reducedSteps] = pick(axes);
  const result = emptyArray(node.shape);
  walk(keptShape, keptSteps, 0, (target, start) => {
    const values: number[] = [];
    walk(reducedShape, reducedSteps, start, (_, source) => values.push(x.data[source] ?? 0));
    result.data[target] = REDUCE[kind](values);
  });
  return result;
}
