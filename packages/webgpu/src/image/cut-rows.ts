import { formatBytes, WebGpuError } from '../webgpu-error.ts';

/** Rows of a photograph that are worked on together. */
export interface RowRange {
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * Cuts the rows of a photograph into strips of about equal size.
 *
 * @param stripBytes - the most that a strip may have
 * @throws WebGpuError `unsupported` where one row has more
 */
export function cutRows(height: number, rowBytes: number, stripBytes: number): RowRange[] {
  const most = Math.floor(stripBytes / rowBytes);
  if (most === 0) {
    throw new WebGpuError(
      'unsupported',
      `one row of the image takes ${formatBytes(rowBytes)}, the device binds ` +
        `${formatBytes(stripBytes)} at once; use a narrower image`,
      { sizes: { got: rowBytes, limit: stripBytes } },
    );
  }
  const rows = Math.ceil(height / Math.ceil(height / most));
  const strips: RowRange[] = [];
  for (let firstRow = 0; firstRow < height; firstRow += rows) {
    strips.push({ firstRow, rows: Math.min(rows, height - firstRow) });
  }
  return strips;
}
