import type { Bitmap, PixelSource } from '@samgpu/mask';

import type { CellRange, EdgeCells } from '../edge-cells.ts';

/** One pixel of each cell of a range: as good as all of them for the statistics of colours. */
export interface CellSamples {
  readonly width: number;
  readonly height: number;
  /** Colours, 0 to 1. */
  readonly colors: Float32Array; // [height, width, 3]
  /** 1 inside the mask, 0 outside. */
  readonly labels: Uint8Array; // [height, width]
  /** From the outline, in pixels; `Infinity` for a pixel that is transparent and has no colour. */
  readonly distance: Float32Array; // [height, width]
}

/** Takes the pixel in the middle of each cell. */
export function sampleCells(
  image: PixelSource,
  mask: Bitmap,
  cells: EdgeCells,
  range: CellRange,
): CellSamples {
  const { channels = 4 } = image;
  const width = range.right - range.left;
  const height = range.bottom - range.top;
  const colors = new Float32Array(width * height * 3);
  const labels = new Uint8Array(width * height);
  const distance = new Float32Array(width * height);
  const middle = cells.side >> 1;
  for (let y = 0; y < height; y++) {
    const row = Math.min(image.height - 1, (range.top + y) * cells.side + middle);
    for (let x = 0; x < width; x++) {
      const column = Math.min(image.width - 1, (range.left + x) * cells.side + middle);
      const pixel = row * image.width + column;
      const i = y * width + x;
      const at = pixel * channels;
      colors[i * 3] = image.data[at]! / 255;
      colors[i * 3 + 1] = image.data[at + 1]! / 255;
      colors[i * 3 + 2] = image.data[at + 2]! / 255;
      labels[i] = mask.data[pixel]!;
      const isSeen = channels === 3 || image.data[at + 3] !== 0;
      distance[i] = isSeen
        ? cells.distance[(range.top + y) * cells.width + range.left + x]!
        : Infinity;
    }
  }
  return { width, height, colors, labels, distance };
}
