import {
  MASK_COUNT_WORDS,
  packTaps,
  type ResamplingTaps,
  tapCount,
  thresholdMaskKernel,
} from '@samgpu/kernels';

import type { DeviceState } from '../runtime/device-state.ts';
import type { WebGpuValue } from '../runtime/webgpu-value.ts';
import { formatBytes, WebGpuError } from '../webgpu-error.ts';
import { DeviceMask, MASK_BITS_OFFSET, maskBytes } from './device-mask.ts';
import { recordImageKernel } from './record-image-kernel.ts';
import { ScratchMemory } from './scratch-memory.ts';

/** How logits of low resolution become masks of a photograph. */
export interface MaskEnlargement {
  /** Of the logits of one mask. */
  readonly logitWidth: number;
  readonly logitHeight: number;
  /** Of the photograph. */
  readonly width: number;
  readonly height: number;
  /** The operator from logits to pixels, one axis each; every position lies within the logits. */
  readonly columns: ResamplingTaps;
  readonly rows: ResamplingTaps;
  /** Pixels are inside whose logit is above this. */
  readonly threshold: number;
  /** Count a logit at the threshold as inside. */
  readonly inclusive: boolean;
  /** How far the threshold is moved up and down to see how stable a mask is. */
  readonly stabilityOffset: number;
}

/** Whether the device can bind a mask of this size. */
export function canEnlarge(
  state: DeviceState,
  size: { readonly width: number; readonly height: number },
): boolean {
  const { arenaBytes, bindingBytes } = state.arenaLimits;
  return maskBytes(size) <= Math.min(arenaBytes, bindingBytes);
}

/**
 * Submits the enlargement of masks, and does not wait for it.
 *
 * @param indices - of the masks in the logits, `[..., logitHeight, logitWidth]`
 * @throws WebGpuError `input`, `unsupported`, `out-of-memory`, `disposed` or `device-lost`
 */
export async function enlargeMasks(
  logits: WebGpuValue,
  indices: readonly number[],
  how: MaskEnlargement,
): Promise<DeviceMask[]> {
  const { state } = logits;
  state.expectLive();
  const { width, height, logitWidth, logitHeight, rows, columns } = how;
  const bytes = maskBytes(how);
  if (!canEnlarge(state, how)) {
    throw new WebGpuError(
      'unsupported',
      `a mask of ${width} x ${height} takes ${formatBytes(bytes)}, more than the device binds at ` +
        'once; enlarge it on the CPU',
      { sizes: { got: bytes, limit: state.arenaLimits.bindingBytes } },
    );
  }
  const elements = logitWidth * logitHeight;
  const last = Math.max(...indices);
  if ((last + 1) * elements * 4 > logits.bytes) {
    throw new WebGpuError(
      'input',
      `there is no mask ${last} of ${logitWidth} x ${logitHeight} in ${logits.bytes / 4} logits`,
    );
  }
  const kernelOf = (index: number): ReturnType<typeof thresholdMaskKernel> =>
    thresholdMaskKernel(
      {
        masks: 1,
        height: logitHeight,
        width: logitWidth,
        offset: index * elements,
        outHeight: height,
        outWidth: width,
        rowTaps: tapCount(rows),
        columnTaps: tapCount(columns),
        threshold: how.threshold,
        inclusive: how.inclusive,
        stabilityOffset: how.stabilityOffset,
      },
      state.kernels,
    );
  const compiled = await state.pipelines.get(kernelOf(0).kernel);
  const what = `${indices.length} masks of ${width} x ${height}`;
  return ScratchMemory.during(state, what, bytes * indices.length, (memory) => {
    const rowTable = memory.table(packTaps(rows, 'f32'), 'row weights');
    const columnTable = memory.table(packTaps(columns, 'f32'), 'column weights');
    const encoder = state.device.createCommandEncoder({ label: 'enlarge masks' });
    const masks = indices.map((index) => {
      const buffer = memory.takeResult(bytes, 'mask');
      encoder.clearBuffer(buffer, 0, MASK_BITS_OFFSET);
      recordImageKernel(encoder, memory, kernelOf(index), compiled, {
        logits: logits.buffer,
        rows: rowTable,
        columns: columnTable,
        bits: { buffer, offset: MASK_BITS_OFFSET },
        counts: { buffer, size: MASK_COUNT_WORDS * 4 },
      });
      return new DeviceMask(state, buffer, how);
    });
    state.device.queue.submit([encoder.finish()]);
    return masks;
  });
}
