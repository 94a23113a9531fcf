import {
  CELL_MOMENTS,
  cellMomentsKernel,
  LINE_NUMBERS,
  packCells,
  separateCellsKernel,
  smoothLinesKernel,
} from '@samgpu/kernels';
import type { MatteTask } from '@samgpu/matte';

import { recordImageKernel } from '../image/record-image-kernel.ts';
import { ScratchMemory } from '../image/scratch-memory.ts';
import type { DeviceState } from '../runtime/device-state.ts';

/**
 * Submits the separation of colours, and does not wait for it.
 *
 * @returns lines of the cells, for the caller to give back to the pool of results
 */
export async function separateOnDevice(
  state: DeviceState,
  { cells, windows, reach, smoothing, rules }: MatteTask,
): Promise<GPUBuffer> {
  const steps = windows.map((window) => ({
    sum: cellMomentsKernel(cells, window, rules.separation, state.kernels),
    separate: separateCellsKernel(cells, window, reach, rules.separation, state.kernels),
  }));
  const smooth = smoothLinesKernel(cells, smoothing, rules.separation, state.kernels);
  const [summing, separating, averaging] = await Promise.all([
    state.pipelines.get(steps[0]!.sum.kernel),
    state.pipelines.get(steps[0]!.separate.kernel),
    state.pipelines.get(smooth.kernel),
  ]);
  const count = cells.width * cells.height;
  const momentBytes = count * CELL_MOMENTS * 4;
  const lineBytes = count * LINE_NUMBERS * 4;
  const what = `a matte's grid of ${cells.width} x ${cells.height}`;
  return ScratchMemory.during(state, what, momentBytes + 2 * lineBytes, (memory) => {
    const operands = {
      cells: memory.table(packCells(cells), 'cells'),
      rows: memory.take(momentBytes, 'sums over rows of cells'),
      sums: memory.take(lineBytes, 'lines of windows'),
      lines: memory.takeResult(lineBytes, 'lines of cells'),
    };
    const encoder = state.device.createCommandEncoder({ label: 'separate colours' });
    encoder.clearBuffer(operands.sums);
    for (const { sum, separate } of steps) {
      const { cells, rows } = operands;
      recordImageKernel(encoder, memory, sum, summing, { cells, sums: rows });
      recordImageKernel(encoder, memory, separate, separating, operands);
    }
    recordImageKernel(encoder, memory, smooth, averaging, operands);
    state.device.queue.submit([encoder.finish()]);
    return operands.lines;
  });
}
