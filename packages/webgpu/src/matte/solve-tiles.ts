import {
  advanceSolutionKernel,
  estimateTilesKernel,
  fitWindowsKernel,
  flagBlocksKernel,
  invertDiagonalKernel,
  type Kernel,
  multiplyLaplacianKernel,
  newCourses,
  packTiles,
  settleCourseKernel,
  startSolvingKernel,
  type TileBatch,
  turnDirectionKernel,
  writeLevelsKernel,
} from '@samgpu/kernels';
import type { MatteTask, MatteTile } from '@samgpu/matte';

import { ScratchMemory } from '../image/scratch-memory.ts';
import type { DeviceState } from '../runtime/device-state.ts';
import { DispatchList } from './dispatch-list.ts';

/** What a pixel of a tile takes: numbers, and in one buffer four of them. */
export const PIXEL_BYTES = { each: 4, widest: 16 } as const;

/** Tiles that are worked on together. */
export interface TileWork {
  readonly tiles: readonly MatteTile[];
  readonly pixels: Uint32Array<ArrayBuffer>;
  readonly lines: GPUBuffer;
  /** Pixels that buffers are made for, so that those of one batch serve the next. */
  readonly capacity: number;
}

/**
 * Submits the work on some tiles, and does not wait for it.
 *
 * @returns their levels, for the caller to give back to the pool of results
 */
export async function solveTiles(
  state: DeviceState,
  task: MatteTask,
  work: TileWork,
): Promise<{ readonly levels: GPUBuffer; readonly bytes: number }> {
  const batch = packTiles(work.tiles, task.picture);
  const kernels = kernelsOf(batch, task);
  const list = await DispatchList.compile(state, kernels.all);
  const { each, widest } = PIXEL_BYTES;
  const bytes = batch.words * 4;
  const isSolved = task.method === 'best';
  const room = work.capacity * ((isSolved ? 6 : 3) * each + (isSolved ? widest : 0)) + bytes;
  const what = `${work.tiles.length} tiles of a matte`;
  return ScratchMemory.during(state, what, room, (memory) => {
    const take = (label: string, size: number = each): GPUBuffer =>
      memory.take(work.capacity * size, label);
    const pixels = take('pixels');
    state.device.queue.writeBuffer(pixels, 0, work.pixels);
    const levels = memory.takeResult(bytes, 'levels');
    const { estimate } = kernels;
    list.give({
      pixels,
      levels,
      tiles: memory.table(batch.table, 'tiles'),
      lines: work.lines,
      parameters: memory.table(estimate.parameters, 'parameters of the estimate'),
      opacity: take('opacity'),
      certainty: take('certainty'),
    });
    list.add(estimate.kernel);
    if (isSolved) {
      list.give({
        courses: memory.table(newCourses(batch), 'courses'),
        parts: memory.take(batch.blocks * 4, 'sums of blocks'),
        inverse: take('inverse diagonal'),
        residual: take('residual'),
        direction: take('direction'),
        product: take('product'),
        fits: take('fits', widest),
      });
      addSolver(list, kernels, task.rules.closedForm.iterations);
    }
    list.add(kernels.levels);
    const encoder = state.device.createCommandEncoder({ label: 'matte' });
    list.record(encoder);
    state.device.queue.submit([encoder.finish()]);
    return { levels, bytes };
  });
}

type MatteKernels = ReturnType<typeof kernelsOf>;

function kernelsOf(batch: TileBatch, task: MatteTask) {
  const { picture, cells, outside, inside, method } = task;
  const { estimate, closedForm, levels } = task.rules;
  const settles = method === 'best';
  const options = { ...picture, grid: cells, outside, inside, settles };
  const solver = {
    flag: flagBlocksKernel(batch),
    invert: invertDiagonalKernel(batch, closedForm),
    fit: fitWindowsKernel(batch, closedForm),
    remain: multiplyLaplacianKernel(batch, { ...closedForm, pull: 0 }),
    start: startSolvingKernel(batch),
    settleStart: settleCourseKernel(batch, 'start', closedForm),
    multiply: multiplyLaplacianKernel(batch, closedForm),
    settleStep: settleCourseKernel(batch, 'step', closedForm),
    advance: advanceSolutionKernel(batch),
    settleTurn: settleCourseKernel(batch, 'turn', closedForm),
    turn: turnDirectionKernel(batch),
  };
  const ends = {
    estimate: estimateTilesKernel(batch, options, estimate),
    levels: writeLevelsKernel(batch, levels),
  };
  const all: Kernel[] = [ends.estimate.kernel, ends.levels];
  if (settles) all.push(...Object.values(solver));
  return { ...ends, ...solver, all };
}

/**
 * Conjugate gradients, each tile by itself. All steps are submitted at once: tiles that are done are
 * left alone by those that follow, so nothing is read in between.
 */
function addSolver(list: DispatchList, kernels: MatteKernels, iterations: number): void {
  list.add(kernels.flag);
  list.add(kernels.invert);
  list.add(kernels.fit, { values: 'opacity' });
  list.add(kernels.remain, { values: 'opacity' });
  list.add(kernels.start);
  list.add(kernels.settleStart);
  for (let step = 0; step < iterations; step++) {
    list.add(kernels.fit, { values: 'direction' });
    list.add(kernels.multiply, { values: 'direction' });
    list.add(kernels.settleStep);
    list.add(kernels.advance);
    list.add(kernels.settleTurn);
    list.add(kernels.turn);
  }
}
