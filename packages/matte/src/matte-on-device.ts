import type { Bitmap, PixelSource } from '@samgpu/mask';

import type { Band } from './band.ts';
import { mattingRules } from './closed-form/matting-laplacian.ts';
import type { Region } from './closed-form/matting-laplacian.ts';
import type { CellRange, EdgeCells } from './edge-cells.ts';
import { estimateRules } from './edge-estimate.ts';
import type {
  MatteCells,
  MatteDevice,
  MatteRules,
  MatteRun,
  MatteTask,
  MatteTile,
} from './matte-device.ts';
import type { Pause } from './pause.ts';
import type { CellSamples } from './separation/cell-samples.ts';
import { inCells, separationRules, type SeparationOptions } from './separation/separate-colors.ts';
import { levelRules, type WritableAlpha } from './write-tile.ts';
import { settlingRules, solverRules, TILE_MARGIN } from './solve-tile.ts';

const rules: MatteRules = {
  separation: separationRules,
  estimate: { ...estimateRules, ...settlingRules },
  closedForm: { ...mattingRules, ...solverRules },
  levels: levelRules,
};

/** What a matte is made of, after the outline has been found. */
export interface MatteSubject {
  readonly image: PixelSource;
  readonly mask: Bitmap;
  readonly band: Band;
  readonly cells: EdgeCells;
  readonly range: CellRange;
  readonly samples: CellSamples;
  readonly separation: SeparationOptions;
  readonly tiles: readonly Region[];
  readonly method: 'fast' | 'best';
  readonly pause: Pause;
  readonly onTile: (done: number) => void;
}

/**
 * Makes the matte on a device, some tiles at a time.
 *
 * @returns whether the device had room for it; if not, nothing was done
 */
export async function matteOnDevice(
  device: MatteDevice,
  subject: MatteSubject,
  result: WritableAlpha,
): Promise<boolean> {
  const { image, mask, method, pause, onTile } = subject;
  const margin = method === 'best' ? TILE_MARGIN : 0;
  const tiles = subject.tiles.map(({ left, top, width, height }): MatteTile => ({
    left: left - margin,
    top: top - margin,
    width: width + 2 * margin,
    height: height + 2 * margin,
    margin,
  }));
  const run = await device.start(taskOf(subject, tiles));
  if (run === undefined) return false;
  try {
    pause.throwIfAborted();
    let done = 0;
    let solving: Promise<Solved> | undefined;
    for (const batch of batchesOf(tiles, run.capacity)) {
      // The next ones are gathered while the device works on those before.
      const pixels = gatherPixels(image, mask, batch);
      const solved = await solving;
      await pause.maybe();
      pause.throwIfAborted();
      onTile(done);
      solving = solve(run, batch, pixels);
      if (solved !== undefined) writeBatch(solved, result);
      done += batch.length;
    }
    const last = await solving;
    pause.throwIfAborted();
    if (last !== undefined) writeBatch(last, result);
    return true;
  } finally {
    run.dispose();
  }
}

interface Solved {
  readonly tiles: readonly MatteTile[];
  readonly levels: Uint8Array;
}

async function solve(
  run: MatteRun,
  tiles: readonly MatteTile[],
  pixels: Uint32Array<ArrayBuffer>,
): Promise<Solved> {
  return { tiles, levels: await run.solve(tiles, pixels) };
}

function taskOf(
  { image, band, cells, range, samples, separation, method }: MatteSubject,
  tiles: readonly MatteTile[],
): MatteTask {
  const { scales, side, reach, smoothing } = separation;
  return {
    method,
    picture: { width: image.width, height: image.height },
    cells: deviceCells(cells, range, samples),
    windows: scales.map(({ radius, trusted }) => ({ radius: inCells(radius, side, 2), trusted })),
    reach,
    smoothing: inCells(smoothing, side, 1),
    outside: band.outside,
    inside: band.inside,
    largestTile: Math.max(...tiles.map(({ width, height }) => width * height)),
    rules,
  };
}

function deviceCells(
  cells: EdgeCells,
  { left, top }: CellRange,
  { width, height, colors, labels, distance: toSeen }: CellSamples,
): MatteCells {
  const distance = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * cells.width + left;
    distance.set(cells.distance.subarray(from, from + width), y * width);
  }
  const seen = Uint8Array.from(toSeen, (far) => (far === Infinity ? 0 : 1));
  return { side: cells.side, left, top, width, height, colors, labels, distance, seen };
}

function batchesOf(tiles: readonly MatteTile[], capacity: number): MatteTile[][] {
  const batches: MatteTile[][] = [];
  let room = 0;
  for (const tile of tiles) {
    const pixels = tile.width * tile.height;
    if (pixels > room) {
      batches.push([]);
      room = capacity;
    }
    batches[batches.length - 1]!.push(tile);
    room -= pixels;
  }
  return batches;
}

function gatherPixels(
  { width, height, channels = 4, data }: PixelSource,
  mask: Bitmap,
  tiles: readonly MatteTile[],
): Uint32Array<ArrayBuffer> {
  const count = tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0);
  const pixels = new Uint32Array(count);
  let first = 0;
  for (const tile of tiles) {
    const fromX = Math.max(0, tile.left);
    const toX = Math.min(width, tile.left + tile.width);
    const toY = Math.min(height, tile.top + tile.height);
    for (let y = Math.max(0, tile.top); y < toY; y++) {
      let to = first + (y - tile.top) * tile.width + fromX - tile.left;
      let at = (y * width + fromX) * channels;
      for (let x = fromX; x < toX; x++, to++, at += channels) {
        const color = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16);
        pixels[to] = color | (mask.data[y * width + x]! << 24);
      }
    }
    first += tile.width * tile.height;
  }
  return pixels;
}

function writeBatch({ tiles, levels }: Solved, { width, alpha }: WritableAlpha): void {
  let from = 0;
  for (const tile of tiles) {
    const { margin } = tile;
    const across = tile.width - 2 * margin;
    for (let y = tile.top + margin; y < tile.top + tile.height - margin; y++) {
      alpha.set(levels.subarray(from, from + across), y * width + tile.left + margin);
      from += 4 * Math.ceil(across / 4);
    }
  }
}
