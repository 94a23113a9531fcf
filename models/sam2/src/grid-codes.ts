import { concat, expand, reshape, type Tensor, type Weights } from '@samgpu/graph';

const TEMPERATURE = 10_000;

/**
 * Sines and cosines of the places of a map (`PositionEmbeddingSine` of position_encoding.py): the
 * first half of the channels says the row, the second the column.
 *
 * @returns `[1, height * width, channels]`
 */
export function sineCode(w: Weights, height: number, width: number, channels: number): Tensor {
  const half = channels / 2;
  const line = (length: number): number[] =>
    Array.from({ length: length * half }, (_, index) => {
      const place = Math.floor(index / half) + 1;
      const channel = index % half;
      const turn = (place / (length + 1e-6)) * 2 * Math.PI;
      const angle = turn / TEMPERATURE ** ((2 * Math.floor(channel / 2)) / half);
      return channel % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    });
  return overGrid(
    rowsOf(w.constant(line(height), [height, half]), width),
    columnsOf(w.constant(line(width), [width, half]), height),
  );
}

/**
 * Angles for `rotary` (`compute_axial_cis`): the first half of the pairs turns with the column, the
 * second with the row.
 *
 * @param channels - of a head
 * @returns `[height * width, channels]`, cosine and sine by turns
 */
export function rotaryTable(w: Weights, height: number, width: number, channels: number): Tensor {
  const half = channels / 2; // half / 2 pairs
  const line = (length: number): number[] =>
    Array.from({ length: length * half }, (_, index) => {
      const place = Math.floor(index / half);
      const pair = Math.floor((index % half) / 2);
      const angle = place * TEMPERATURE ** ((-4 * pair) / channels);
      return index % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
    });
  const table = overGrid(
    columnsOf(w.constant(line(width), [width, half]), height),
    rowsOf(w.constant(line(height), [height, half]), width),
  );
  return reshape(table, [height * width, channels]);
}

// [height, channels] -> [height, width, channels]
function rowsOf(line: Tensor, width: number): Tensor {
  const [height, channels] = line.shape as [number, number];
  return expand(reshape(line, [height, 1, channels]), [height, width, channels]);
}

// [width, channels] -> [height, width, channels]
function columnsOf(line: Tensor, height: number): Tensor {
  const [width, channels] = line.shape as [number, number];
  return expand(reshape(line, [1, width, channels]), [height, width, channels]);
}

function overGrid(first: Tensor, second: Tensor): Tensor {
  const [height, width, half] = first.shape as [number, number, number];
  return reshape(concat([first, second], -1), [1, height * width, 2 * half]);
}
