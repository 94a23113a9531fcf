import type { GraphNode } from '../node.ts';
import { axisSize, elementCount } from '../shape.ts';
import { broadcastSteps, emptyArray, type NumericArray, operand, walk } from './array.ts';

/** Sum of a[aStart + i * aStep] * b[bStart + i * bStep]. */
export function dot(
  a: Float64Array,
  aStart: number,
  aStep: number,
  b: Float64Array,
  bStart: number,
  bStep: number,
  count: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += (a[aStart + i * aStep] ?? 0) * (b[bStart + i * bStep] ?? 0);
  }
  return sum;
}

export function matmul(node: GraphNode<'matmul'>, inputs: readonly NumericArray[]): NumericArray {
  const a = operand(inputs, 0);
  const b = operand(inputs, 1);
  const { transposeB } = node.attributes;
  const m = axisSize(node.shape, -2);
  const n = axisSize(node.shape, -1);
  const k = axisSize(a.shape, -1);
  const leading = node.shape.slice(0, -2);
  const result = emptyArray(node.shape);

  const aMatrix: number[] = [];
  walk(leading, broadcastSteps(a.shape.slice(0, -2), leading), 0, (_, at) => aMatrix.push(at));
  walk(leading, broadcastSteps(b.shape.slice(0, -2), leading), 0, (matrix, at) => {
    const aStart = (aMatrix[matrix] ?? 0) * m * k;
    const bStart = at * k * n;
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        result.data[(matrix * m + row) * n + column] = transposeB
          ? dot(a.data, aStart + row * k, 1, b.data, bStart + column * k, 1, k)
          : dot(a.data, aStart + row * k, 1, b.data, bStart + column, n, k);
      }
    }
  });
  return result;
}

export function linear(node: GraphNode<'linear'>, inputs: readonly NumericArray[]): NumericArray {
  const x = operand(inputs, 0);
  const weight = operand(inputs, 1);
  const bias = node.attributes.bias ? operand(inputs, 2) : undefined;
  const width = axisSize(x.shape, -1);
  const out = axisSize(node.shape, -1);
  const rows = elementCount(x.shape) / width;
  const result = emptyArray(node.shape);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < out; column++) {
      result.data[row * out + column] =
        dot(x.data, row * width, 1, weight.data, column * width, 1, width) +
        (bias?.data[column] ?? 0);
    }
  }
  return result;
}

export function attention(
  node: GraphNode<'attention'>,
  inputs: readonly NumericArray[],
): NumericArray {
  const [query, key, value] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
  const { heads, scale } = node.attributes;
  const keyBias = node.attributes.keyBias ? operand(inputs, 3) : undefined;
  const [batch, queries, width] = query.shape as [number, number, number];
  const keys = axisSize(key.shape, 1);
  const valueWidth = axisSize(value.shape, 2);
  const d = width / heads;
  const dv = valueWidth / heads;
  const result = emptyArray(node.shape);
  const scores = new Float64Array(keys);
  const shared = key.shape[0] === 1;

  for (let b = 0; b < batch; b++) {
    const keyBatch = shared ? 0 : b;
    const biasStart = keyBias === undefined || keyBias.shape[0] === 1 ? 0 : b * keys;
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < queries; i++) {
        for (let j = 0; j < keys; j++) {
          const q = (b * queries + i) * width + head * d;
          const k = (keyBatch * keys + j) * width + head * d;
          scores[j] =
            scale * dot(query.data, q, 1, key.data, k, 1, d) + (keyBias?.data[biasStart + j] ?? 0);
        }
        softmaxRow(scores, 0, keys);
        for (let c = 0; c < dv; c++) {
          const v = keyBatch * keys * valueWidth + head * dv + c;
          result.data[(b * queries + i) * valueWidth + head * dv + c] = dot(
            scores,
            0,
            1,
            value.data,
            v,
            valueWidth,
            keys,
          );
        }
      }
    }
  }
  return result;
}

export function softmaxRow(data: Float64Array, start: number, width: number): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = start; i < start + width; i++) {
    largest = Math.max(largest, data[i] ?? 0);
  }
  let sum = 0;
  for (let i = start; i < start + width; i++) {
    const value = Math.exp((data[i] ?? 0) - largest);
    data[i] = value;
    sum += value;
  }
  for (let i = start; i < start + width; i++) {
    data[i] = (data[i] ?? 0) / sum;
  }
}

export function softmax(node: GraphNode<'softmax'>, inputs: readonly NumericArray[]): NumericArray {
  const data = operand(inputs, 0).data.slice();
  const width = axisSize(node.shape, -1);
  for (let start = 0; start < data.length; start += width) {
    softmaxRow(data, start, width);
  }
  return { shape: node.shape, data };
}

export function layerNorm(
  node: GraphNode<'layerNorm'>,
  inputs: readonly NumericArray[],
): NumericArray {
  const [x, weight, bias] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
  const width = axisSize(node.shape, -1);
  const result = emptyArray(node.shape);
  for (let start = 0; start < x.data.length; start += width) {
    const row = x.data.subarray(start, start + width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    const scale = 1 / Math.sqrt(variance + node.attributes.epsilon);
    for (let i = 0; i < width; i++) {
      result.data[start + i] =
        ((row[i] ?? 0) - mean) * scale * (weight.data[i] ?? 0) + (bias.data[i] ?? 0);
    }
  }
  return result;
}
