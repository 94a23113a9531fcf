import {
  packTaps,
  type ResampleArithmetic,
  resampleColumnsKernel,
  resampleRowsKernel,
  resampleType,
  type ResamplingTaps,
  tapCount,
} from '@samgpu/kernels';

import type { DeviceState } from '../runtime/device-state.ts';
import { WebGpuValue } from '../runtime/webgpu-value.ts';
import { formatBytes, WebGpuError } from '../webgpu-error.ts';
import { cutRows } from './cut-rows.ts';
import { DeviceImage } from './device-image.ts';
import { recordImageKernel } from './record-image-kernel.ts';
import { ScratchMemory } from './scratch-memory.ts';

/** Pixels in the memory of JavaScript. */
export interface HostImage {
  readonly width: number;
  readonly height: number;
  /** 3 for RGB, 4 for RGBA with straight alpha. */
  readonly channels: 3 | 4;
  readonly data: Uint8Array | Uint8ClampedArray; // [height, width, channels]
}

/** How a photograph becomes the input of an encoder, `[1, size, size, 3]`. */
export interface ImageResampling {
  /** Of the square; what the photograph does not cover, right and below, is zero. */
  readonly size: number;
  /** Of the resized photograph. */
  readonly outWidth: number;
  readonly outHeight: number;
  readonly arithmetic: ResampleArithmetic;
  readonly columns: ResamplingTaps; // of outWidth positions
  readonly rows: ResamplingTaps; // of outHeight positions
  /** With `opencv-blocks`: width and height of a block. */
  readonly block?: readonly [number, number];
  /** Subtracted from red, green and blue, in levels from 0 to 255. */
  readonly mean: readonly [number, number, number];
  /** What the difference is divided by. */
  readonly deviation: readonly [number, number, number];
  /** Each whole level of red, green and blue, normalised: `[3, 256]`. */
  readonly levels: Float32Array<ArrayBuffer>;
}

/** Most bytes of a host image that are on their way at once. */
const UPLOAD_BYTES = 2 ** 25;

/** Bytes between the two passes. */
function sampleBytes(height: number, { outWidth }: ImageResampling): number {
  return height * outWidth * 12;
}

/** Whether the device can bind what lies between the two passes, and a row of the photograph. */
export function canResample(
  state: DeviceState,
  { width, height }: { readonly width: number; readonly height: number },
  how: ImageResampling,
): boolean {
  const { arenaBytes, bindingBytes } = state.arenaLimits;
  const most = Math.min(arenaBytes, bindingBytes);
  return sampleBytes(height, how) <= most && width * 4 <= most;
}

/**
 * Submits the resampling of a photograph, and does not wait for it.
 *
 * @throws WebGpuError `unsupported`, `out-of-memory`, `validation`, `disposed` or `device-lost`
 */
export async function resampleImage(
  state: DeviceState,
  image: DeviceImage | HostImage,
  how: ImageResampling,
): Promise<WebGpuValue> {
  state.expectLive();
  const { width, height } = image;
  const { size, outWidth, arithmetic } = how;
  const betweenBytes = sampleBytes(height, how);
  if (!canResample(state, image, how)) {
    throw new WebGpuError(
      'unsupported',
      `resampling an image of ${width} x ${height} takes a buffer of ${formatBytes(betweenBytes)}, ` +
        'more than the device binds; resample it on the CPU',
      { sizes: { got: betweenBytes, limit: state.arenaLimits.bindingBytes } },
    );
  }
  const columnSizes = { width, outWidth, taps: tapCount(how.columns), arithmetic };
  const rowsKernel = resampleRowsKernel(
    { ...how, height, taps: tapCount(how.rows) },
    state.kernels,
  );
  const first = resampleColumnsKernel({ ...columnSizes, height }, state.kernels);
  const [columnsPipeline, rowsPipeline] = await Promise.all([
    state.pipelines.get(first.kernel),
    state.pipelines.get(rowsKernel.kernel),
  ]);
  const bytes = size * size * 12;
  const what = `preprocessing an image of ${width} x ${height}`;
  const result = await ScratchMemory.during(state, what, betweenBytes + bytes, (memory) => {
    const type = resampleType(arithmetic);
    const y = memory.takeResult(bytes, 'preprocessed image');
    const samples = memory.take(betweenBytes, 'resampled columns');
    const columns = memory.table(packTaps(how.columns, type), 'column weights');
    const upload = new Upload(memory);
    for (const { buffer, data, ...strip } of stripsOf(image)) {
      const encoder = state.device.createCommandEncoder({ label: 'resample columns' });
      const kernel = resampleColumnsKernel(
        { ...columnSizes, ...strip, height: strip.rows },
        state.kernels,
      );
      const pixels = buffer ?? upload.write(data!);
      const operands = { pixels, taps: columns, samples };
      recordImageKernel(encoder, memory, kernel, columnsPipeline, operands);
      state.device.queue.submit([encoder.finish()]);
    }
    const encoder = state.device.createCommandEncoder({ label: 'resample rows' });
    recordImageKernel(encoder, memory, rowsKernel, rowsPipeline, {
      samples,
      taps: memory.table(packTaps(how.rows, type), 'row weights'),
      levels: memory.table(how.levels, 'levels'),
      y,
    });
    state.device.queue.submit([encoder.finish()]);
    return y;
  });
  return new WebGpuValue(state, result, [1, size, size, 3], 'f32');
}

interface PixelStrip {
  readonly firstRow: number;
  readonly rows: number;
  readonly channels: 3 | 4;
  /** One of the two. */
  readonly buffer?: GPUBuffer;
  readonly data?: Uint8Array;
}

function stripsOf(image: DeviceImage | HostImage): PixelStrip[] {
  if (image instanceof DeviceImage) {
    return image.strips.map((strip) => ({ ...strip, channels: 4 }));
  }
  const { width, height, channels, data } = image;
  const rowBytes = width * channels;
  return cutRows(height, rowBytes, Math.max(UPLOAD_BYTES, rowBytes)).map(({ firstRow, rows }) => {
    const start = data.byteOffset + firstRow * rowBytes;
    return { firstRow, rows, channels, data: new Uint8Array(data.buffer, start, rows * rowBytes) };
  });
}

/** One buffer for strips that are uploaded in turn: a device works in order. */
class Upload {
  readonly #memory: ScratchMemory;
  #buffer: GPUBuffer | undefined;

  constructor(memory: ScratchMemory) {
    this.#memory = memory;
  }

  /** @param data - none longer than the first; of any length, though a device takes whole words */
  write(data: Uint8Array): GPUBuffer {
    this.#buffer ??= this.#memory.take(Math.ceil(data.length / 4) * 4, 'pixels');
    const { queue } = this.#memory.state.device;
    const whole = data.length - (data.length % 4);
    if (whole > 0) {
      queue.writeBuffer(this.#buffer, 0, data, 0, whole);
    }
    if (whole < data.length) {
      const word = new Uint8Array(4);
      word.set(data.subarray(whole));
      queue.writeBuffer(this.#buffer, whole, word);
    }
    return this.#buffer;
  }
}
