import { CELL_MOMENTS, TILE_BLOCK } from '@samgpu/kernels';
import type { MatteRun, MatteTask } from '@samgpu/matte';

import type { DeviceState } from '../runtime/device-state.ts';
import { GpuMatteRun } from './matte-run.ts';
import { separateOnDevice } from './separate-on-device.ts';
import { PIXEL_BYTES } from './solve-tiles.ts';

/** Pixels of tiles that are worked on together: enough for any GPU, and some 50 MiB. */
const USUAL_CAPACITY = 2 ** 20;

/** More cells than this has a large picture with a narrow band; they would take a hundred MiB and more. */
const MOST_CELLS = 2 ** 21;

/** @returns `undefined` where the device has no room for it */
export async function startMatte(
  state: DeviceState,
  task: MatteTask,
): Promise<MatteRun | undefined> {
  if (!hasRoom(state, task)) return undefined;
  const lines = await separateOnDevice(state, task);
  return new GpuMatteRun(state, task, lines, capacityOf(state, task));
}

/** Whether the device can bind the grid of cells, and the largest tile. */
function hasRoom(state: DeviceState, { cells, largestTile }: MatteTask): boolean {
  const count = cells.width * cells.height;
  if (count > MOST_CELLS || count * CELL_MOMENTS * 4 > mostBytes(state)) return false;
  if (largestTile * PIXEL_BYTES.widest > mostBytes(state)) return false;
  // A tile as narrow as can be has the most blocks.
  return largestTile / TILE_BLOCK <= state.kernels.workgroupsPerDimension;
}

function capacityOf(state: DeviceState, { largestTile }: MatteTask): number {
  const most = Math.floor(mostBytes(state) / PIXEL_BYTES.widest);
  return Math.max(largestTile, Math.min(USUAL_CAPACITY, most));
}

function mostBytes({ arenaLimits }: DeviceState): number {
  return Math.min(arenaLimits.arenaBytes, arenaLimits.bindingBytes);
}
