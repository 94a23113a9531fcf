import type { GraphNode } from '../node.ts';
import { axisSize } from '../shape.ts';
import { emptyArray, type NumericArray, operand } from './array.ts';
import { dot, softmaxRow } from './linear.ts';

/** Query, key and value of one position, or of one that only fills up a window. */
interface Place {
  readonly data: Float64Array;
  readonly start: number;
}

export function gridAttention(
  node: GraphNode<'gridAttention'>,
  inputs: readonly NumericArray[],
): NumericArray {
  const { heads, scale, grid, window, ...has } = node.attributes;
  let taken = 0;
  const next = (): NumericArray => operand(inputs, taken++);
  const [query, key, value] = [next(), next(), next()];
  const rows = has.relative ? next() : undefined;
  const columns = has.relative ? next() : undefined;
  const bias = has.bias ? next() : undefined;
  const [batch, , width] = query.shape as [number, number, number];
  const valueWidth = axisSize(value.shape, 2);
  const paddingKey = has.padding ? next().data : new Float64Array(width);
  const paddingValue = has.padding ? next().data : new Float64Array(valueWidth);
  const d = width / heads;
  const dv = valueWidth / heads;
  const [height, rowLength] = grid;
  const positions = window[0] * window[1];
  const scores = new Float64Array(positions);
  const result = emptyArray(node.shape);

  for (let token = 0; token < batch * height * rowLength; token++) {
    const b = Math.floor(token / (height * rowLength));
    const y = Math.floor(token / rowLength) % height;
    const x = token % rowLength;
    const top = y - (y % window[0]);
    const left = x - (x % window[1]);
    // Where the key and the value of a position of this window are.
    const places = Array.from({ length: positions }, (_, position) => {
      const keyY = top + Math.floor(position / window[1]);
      const keyX = left + (position % window[1]);
      const inside = keyY < height && keyX < rowLength;
      const at = (b * height + keyY) * rowLength + keyX;
      const place = (data: Float64Array, size: number, padding: Float64Array): Place =>
        inside ? { data, start: at * size } : { data: padding, start: 0 };
      return {
        key: place(key.data, width, paddingKey),
        value: place(value.data, valueWidth, paddingValue),
      };
    });
    for (let head = 0; head < heads; head++) {
      const q = token * width + head * d;
      places.forEach(({ key: k }, position) => {
        let score = scale * dot(query.data, q, 1, k.data, k.start + head * d, 1, d);
        if (rows !== undefined && columns !== undefined) {
          const row = y - top - Math.floor(position / window[1]) + window[0] - 1;
          const column = x - left - (position % window[1]) + window[1] - 1;
          score += dot(query.data, q, 1, rows.data, row * d, 1, d);
          score += dot(query.data, q, 1, columns.data, column * d, 1, d);
        }
        if (bias !== undefined) {
          const from = (y - top) * window[1] + (x - left);
          score += bias.data[(head * positions + from) * positions + position] ?? Number.NaN;
        }
        scores[position] = score;
      });
      softmaxRow(scores, 0, positions);
      for (let c = 0; c < dv; c++) {
        let sum = 0;
        places.forEach(({ value: v }, position) => {
          sum += (scores[position] ?? 0) * (v.data[v.start + head * dv + c] ?? 0);
        });
        result.data[token * valueWidth + head * dv + c] = sum;
      }
    }
  }
  return result;
}
