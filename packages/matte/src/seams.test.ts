/** Whether tiles show. */
import type { PixelSource } from '@samgpu/mask';
import { makeComposite } from '@samgpu/testing/composites';
import { expect, test } from 'vitest';

import { chooseBand } from './band.ts';
import { findEdgeCells } from './edge-cells.ts';
import { EdgeEstimate } from './edge-estimate.ts';
import { Pause } from './pause.ts';
import { sampleCells } from './separation/cell-samples.ts';
import { separateColors } from './separation/separate-colors.ts';
import { type SolvedTile, solveTile } from './solve-tile.ts';

test('a picture in tiles is as one that is solved at once', async () => {
  const { width, height, image, mask } = makeComposite({
    seed: 8,
    edge: 'fur',
    size: 2,
    width: 320,
    height: 240,
  });
  const source: PixelSource = { width, height, data: image };
  const bitmap = { width, height, data: mask.data };
  const band = chooseBand('auto', source, undefined);
  const cells = findEdgeCells(bitmap, 1, 100);
  const range = { left: 0, top: 0, right: width, bottom: height };
  const separation = await separateColors(
    sampleCells(source, bitmap, cells, range),
    { scales: [{ radius: 12, trusted: 10 }], side: 1, reach: 40, smoothing: 3 },
    new Pause(),
  );
  const estimate = new EdgeEstimate(source, bitmap, cells, range, separation, band);
  const read = ({ region, opacity }: SolvedTile, x: number, y: number): number =>
    opacity[(y - region.top) * region.width + x - region.left]!;

  const whole = solveTile(source, bitmap, estimate, { left: 0, top: 0, width, height });
  const tile = { left: 96, top: 64, width: 80, height: 80 };
  const part = solveTile(source, bitmap, estimate, tile);
  let largest = 0;
  let sum = 0;
  for (let y = tile.top; y < tile.top + tile.height; y++) {
    for (let x = tile.left; x < tile.left + tile.width; x++) {
      const difference = Math.abs(read(whole, x, y) - read(part, x, y));
      largest = Math.max(largest, difference);
      sum += difference;
    }
  }
  // Levels of 255. The solver stops at a hundredth of its first residual, in each tile by itself.
  expect(largest * 255).toBeLessThan(8);
  expect((sum / (tile.width * tile.height)) * 255).toBeLessThan(0.1);
});
