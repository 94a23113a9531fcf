import type { Kernel } from '@samgpu/kernels';
import {
  COPY_DESTINATION,
  COPY_SOURCE,
  MAP_MODE_READ,
  MAP_READ,
  QUERY_RESOLVE,
} from './buffer-usage.ts';
import { type Operands, prepareKernel, type PreparedKernel } from './prepared-kernel.ts';
import type { TestDevice } from './test-device.ts';

export interface KernelTime {
  /** Median of the runs. */
  readonly milliseconds: number;
  readonly gigaflops: number;
  readonly clock: 'timestamp-query' | 'wall';
}

export interface TimeOptions {
  /** By default 5, after one that does not count. */
  readonly runs?: number;
  /**
   * `wall`: from submission to completion, with what the queue adds. By default timestamps of the
   * device, where it has them.
   */
  readonly clock?: 'timestamp-query' | 'wall';
}

/** How long a kernel takes, on buffers that are prepared once. */
export async function timeKernel(
  gpu: TestDevice,
  kernel: Kernel,
  operands: Operands,
  { runs = 5, clock = 'timestamp-query' }: TimeOptions = {},
): Promise<KernelTime> {
  const prepared = await prepareKernel(gpu, kernel, operands);
  const usesTimestamps = clock === 'timestamp-query' && gpu.device.features.has('timestamp-query');
  try {
    const times: number[] = [];
    for (let run = 0; run <= runs; run++) {
      const time = usesTimestamps
        ? await timeByTimestamps(gpu.device, prepared)
        : await timeByWall(gpu.device, prepared);
      // The first one pays for the compiler; timestamps may run backwards, says the specification.
      if (run > 0 && time > 0) times.push(time);
    }
    times.sort((a, b) => a - b);
    const milliseconds = times[times.length >> 1] ?? Number.NaN;
    return {
      milliseconds,
      gigaflops: kernel.flops / milliseconds / 1e6,
      clock: usesTimestamps ? 'timestamp-query' : 'wall',
    };
  } finally {
    prepared.destroy();
  }
}

async function timeByWall(device: GPUDevice, prepared: PreparedKernel): Promise<number> {
  const start = performance.now();
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  prepared.dispatch(pass);
  pass.end();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  return performance.now() - start;
}

async function timeByTimestamps(device: GPUDevice, prepared: PreparedKernel): Promise<number> {
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
  const resolved = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SOURCE });
  const staging = device.createBuffer({ size: 16, usage: MAP_READ | COPY_DESTINATION });
  try {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass({
      timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    });
    prepared.dispatch(pass);
    pass.end();
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 16);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(MAP_MODE_READ);
    const [start = 0n, end = 0n] = new BigUint64Array(staging.getMappedRange());
    return Number(end - start) / 1e6;
  } finally {
    for (const owned of [querySet, resolved, staging]) owned.destroy();
  }
}
