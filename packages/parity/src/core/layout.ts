// The official code keeps maps as [n, c, h, w] and cuts them into windows before it attends.

/** `[n, c, h, w]` to `[n, h, w, c]`. */
export function channelsLast(
  values: ArrayLike<number>,
  [n, c, h, w]: readonly [number, number, number, number],
): Float32Array {
  return swapped(values, n, c, h * w);
}

/** `[n, h, w, c]` to `[n, c, h, w]`. */
export function channelsFirst(
  values: ArrayLike<number>,
  [n, h, w, c]: readonly [number, number, number, number],
): Float32Array {
  return swapped(values, n, h * w, c);
}

// [n, rows, columns] to [n, columns, rows]
function swapped(
  values: ArrayLike<number>,
  n: number,
  rows: number,
  columns: number,
): Float32Array {
  if (values.length !== n * rows * columns) {
    throw new RangeError(`got ${values.length} values, wanted ${n} times ${rows} by ${columns}`);
  }
  const result = new Float32Array(values.length);
  for (let i = 0; i < n; i++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        result[(i * columns + column) * rows + row] = values[(i * rows + row) * columns + column]!;
      }
    }
  }
  return result;
}

/** A map in windows, as `window_partition` of the official code cuts it. */
export interface Windows {
  /** `[windows, window, window, channels]`, zero where a window reaches past the map. */
  readonly values: Float32Array;
  /** 1 for each of these values that comes from the map. */
  readonly inside: Uint8Array;
}

/** @param values - `[1, height, width, channels]` */
export function toWindows(
  values: ArrayLike<number>,
  [, height, width, channels]: readonly [number, number, number, number],
  window: number,
): Windows {
  const [down, across] = [Math.ceil(height / window), Math.ceil(width / window)];
  const size = down * across * window * window * channels;
  const result = { values: new Float32Array(size), inside: new Uint8Array(size) };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const index = Math.floor(y / window) * across + Math.floor(x / window);
      const cell = (index * window + (y % window)) * window + (x % window);
      for (let c = 0; c < channels; c++) {
        result.values[cell * channels + c] = values[(y * width + x) * channels + c]!;
        result.inside[cell * channels + c] = 1;
      }
    }
  }
  return result;
}

/**
 * The leading block of a tensor: what is left of a batch when the rows that fill it up are cut off.
 *
 * @param wanted - for each axis, at most what there is
 */
export function leadingBlock(
  values: ArrayLike<number>,
  shape: readonly number[],
  wanted: readonly number[],
): Float32Array {
  const result = new Float32Array(wanted.reduce((product, length) => product * length, 1));
  const copy = (axis: number, from: number, to: number, stride: number, size: number): void => {
    if (axis === wanted.length) {
      result[to] = values[from]!;
      return;
    }
    const [step, room] = [stride / shape[axis]!, size / wanted[axis]!];
    for (let i = 0; i < wanted[axis]!; i++) {
      copy(axis + 1, from + i * step, to + i * room, step, room);
    }
  };
  copy(0, 0, 0, values.length, result.length);
  return result;
}
