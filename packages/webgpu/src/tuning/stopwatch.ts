import { BUFFER_USAGE } from '../device/gpu-constants.ts';
import type { DeviceState } from '../runtime/device-state.ts';

/** Records a dispatch. */
export type Dispatch = (pass: GPUComputePassEncoder) => void;

/** Takes the time of dispatches: by the device's clock, else by waiting for the end of many. */
export class Stopwatch {
  readonly clock: 'timestamp' | 'repetition';
  private readonly state: DeviceState;
  private readonly queries: GPUQuerySet | undefined;
  private readonly resolved: GPUBuffer | undefined;

  constructor(state: DeviceState) {
    this.state = state;
    const { device } = state;
    const hasClock = device.features.has('timestamp-query');
    this.clock = hasClock ? 'timestamp' : 'repetition';
    if (hasClock) {
      this.queries = device.createQuerySet({ label: 'tuning', type: 'timestamp', count: 2 });
      this.resolved = device.createBuffer({
        label: 'tuning times',
        size: 16,
        usage: BUFFER_USAGE.queryResolve | BUFFER_USAGE.copySource,
      });
    }
  }

  /** Milliseconds of one dispatch, over `count` of them in one pass. */
  async measure(dispatch: Dispatch, count: number): Promise<number> {
    if (this.queries !== undefined && this.resolved !== undefined) {
      return (await this.timestamps(this.queries, this.resolved, dispatch, count)) / count;
    }
    const idle = await this.wait(dispatch, 0);
    const busy = await this.wait(dispatch, count);
    // Of a dispatch too short to be seen, only a bound is known.
    return (busy > idle ? busy - idle : busy) / count;
  }

  dispose(): void {
    this.queries?.destroy();
    this.resolved?.destroy();
  }

  private async timestamps(
    querySet: GPUQuerySet,
    resolved: GPUBuffer,
    dispatch: Dispatch,
    count: number,
  ): Promise<number> {
    const { device } = this.state;
    const encoder = device.createCommandEncoder({ label: 'tuning' });
    const pass = encoder.beginComputePass({
      label: 'tuning',
      timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    });
    for (let i = 0; i < count; i++) dispatch(pass);
    pass.end();
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    device.queue.submit([encoder.finish()]);
    const [start, end] = new BigUint64Array(await this.state.read(resolved, 16));
    // Clocks may be adjusted in between; a negative time means nothing.
    return Math.max(0, Number(end! - start!)) / 1e6;
  }

  private async wait(dispatch: Dispatch, count: number): Promise<number> {
    const { device } = this.state;
    const encoder = device.createCommandEncoder({ label: 'tuning' });
    const pass = encoder.beginComputePass({ label: 'tuning' });
    for (let i = 0; i < count; i++) dispatch(pass);
    pass.end();
    const commands = encoder.finish();
    const start = performance.now();
    device.queue.submit([commands]);
    await this.state.finished();
    return performance.now() - start;
  }
}
