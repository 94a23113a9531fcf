/**
 * Sums over square windows, of several fields at once, divided by the pixels of a whole window. At
 * the border the part of the window that lies within is summed: only quotients of two fields mean
 * something there.
 *
 * @param values - `[height, width, fields]`
 * @returns `[height, width, fields]`
 */
export function boxAverage(
  values: Float32Array,
  {
    width,
    height,
    fields,
    radius,
  }: {
    readonly width: number;
    readonly height: number;
    readonly fields: number;
    readonly radius: number;
  },
): Float32Array {
  const stride = width * fields;
  const result = new Float32Array(values.length);
  const columns = new Float64Array(stride);
  const window = new Float64Array(fields);
  const scale = 1 / (2 * radius + 1) ** 2;
  const addRow = (y: number, sign: 1 | -1): void => {
    for (let i = 0, from = y * stride; i < stride; i++, from++) columns[i]! += sign * values[from]!;
  };
  for (let y = 0; y < Math.min(radius, height); y++) addRow(y, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addRow(y + radius, 1);
    if (y - radius > 0) addRow(y - radius - 1, -1);
    window.fill(0);
    const first = Math.min(width, radius + 1) * fields;
    for (let i = 0; i < first; i++) window[i % fields]! += columns[i]!;
    for (let x = 0; x < width; x++) {
      const to = y * stride + x * fields;
      const entering = (x + radius + 1) * fields;
      const leaving = (x - radius) * fields;
      for (let k = 0; k < fields; k++) {
        result[to + k] = window[k]! * scale;
        if (entering < stride) window[k]! += columns[entering + k]!;
        if (leaving >= 0) window[k]! -= columns[leaving + k]!;
      }
    }
  }
  return result;
}
