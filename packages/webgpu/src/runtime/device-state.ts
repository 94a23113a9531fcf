import { describeDevice, type KernelDevice } from '@samgpu/kernels';

import { BUFFER_USAGE, MAP_READ } from '../device/gpu-constants.ts';
import type { OpenedDevice } from '../device/open-device.ts';
import { isSoftwareAdapter } from '../device/software-adapter.ts';
import type { ArenaLimits } from '../memory/plan-arenas.ts';
import type { PlanDevice } from '../plan/planner.ts';
import type { VariantRule } from '../variants/variant-rule.ts';
import { WebGpuError } from '../webgpu-error.ts';
import { BufferPool } from './buffer-pool.ts';
import { LeaseCache } from './lease-cache.ts';
import { PipelineCache } from './pipeline-cache.ts';
import { SharedArenas } from './shared-arenas.ts';

/** One device and all that lives on it. After a loss the backend makes another. */
export class DeviceState {
  readonly device: GPUDevice;
  readonly owned: boolean;
  readonly kernels: KernelDevice;
  /** Rules for plans from now on. */
  variants: readonly VariantRule[] = [];
  readonly pipelines: PipelineCache;
  /** Weights and other static tensors. */
  readonly statics: LeaseCache<GPUBuffer>;
  readonly arenas: SharedArenas;
  /** For results of programs. */
  readonly results: BufferPool;
  /** What else is to be freed with the device. */
  readonly owners: Set<{ dispose(): void }> = new Set();
  private readonly staging: BufferPool;
  // A device of Dawn in Node does not keep what it came from alive, and fails once that is collected.
  readonly origin: unknown;
  private lostInfo: GPUDeviceLostInfo | undefined;
  private disposed = false;
  private closed = false;

  constructor({ device, owned, origin }: OpenedDevice) {
    this.device = device;
    this.owned = owned;
    this.origin = origin;
    this.kernels = {
      ...describeDevice(device),
      software: isSoftwareAdapter(device.adapterInfo),
    };
    this.pipelines = new PipelineCache(device);
    this.statics = new LeaseCache((buffer) => buffer.destroy());
    this.arenas = new SharedArenas(device);
    const { copySource, copyDestination, storage, mapRead } = BUFFER_USAGE;
    this.results = new BufferPool(device, copySource | copyDestination | storage);
    this.staging = new BufferPool(device, copyDestination | mapRead);
    // The promise never rejects.
    void device.lost.then((info) => {
      this.lostInfo = info;
    });
  }

  /** Whether it was disposed of while it worked, and not because it was lost. */
  get isClosed(): boolean {
    return this.closed;
  }

  get isLost(): boolean {
    return this.lostInfo !== undefined;
  }

  get planDevice(): PlanDevice {
    const { minStorageBufferOffsetAlignment, maxStorageBuffersPerShaderStage } = this.device.limits;
    return {
      kernels: this.kernels,
      alignment: minStorageBufferOffsetAlignment,
      storageBuffers: maxStorageBuffersPerShaderStage,
      variants: this.variants,
    };
  }

  get arenaLimits(): ArenaLimits {
    const { limits } = this.device;
    return {
      alignment: limits.minStorageBufferOffsetAlignment,
      arenaBytes: limits.maxBufferSize,
      bindingBytes: limits.maxStorageBufferBindingSize,
    };
  }

  /** @throws WebGpuError `device-lost` */
  expectLive(): void {
    if (this.lostInfo !== undefined) {
      throw this.lossError();
    }
  }

  lossError(): WebGpuError {
    const { reason, message } = this.lostInfo ?? { reason: 'unknown', message: '' };
    const why =
      reason === 'destroyed' ? 'it was destroyed' : message || 'the driver gave no reason';
    return new WebGpuError(
      'device-lost',
      `the WebGPU device was lost: ${why}; what was computed on it is gone, so encode the image again`,
    );
  }

  /**
   * Waits until everything that was submitted has run.
   *
   * @throws WebGpuError `device-lost` where it cannot have
   */
  async finished(): Promise<void> {
    await this.device.queue.onSubmittedWorkDone();
    this.expectLive();
  }

  /** Copies a buffer to JavaScript. */
  async read(buffer: GPUBuffer, bytes: number, offset = 0): Promise<ArrayBuffer> {
    this.expectLive();
    const staging = this.staging.take(bytes, 'read back');
    const encoder = this.device.createCommandEncoder({ label: 'read back' });
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
    this.device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(MAP_READ);
    } catch (cause) {
      await this.settleLoss();
      this.expectLive();
      throw cause;
    }
    const copy = staging.getMappedRange().slice(0);
    staging.unmap();
    this.staging.giveBack(staging);
    return copy;
  }

  dispose(): void {
    if (this.disposed) {
      return;
    }
    this.disposed = true;
    this.closed = !this.isLost;
    this.owners.forEach((owner) => owner.dispose());
    this.results.dispose();
    this.staging.dispose();
    this.statics.dispose();
    this.arenas.dispose();
    if (this.owned) {
      this.device.destroy();
    }
  }

  /** News of a loss may come a little after the operation that failed of it. */
  private async settleLoss(): Promise<void> {
    await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
}
