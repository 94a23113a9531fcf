import {
  type Backend,
  type CompileOptions,
  type Graph,
  weightMismatch,
  type WeightStore,
} from '@samgpu/graph';

import { adapterName, type DeviceOptions, openDevice } from '../device/open-device.ts';
import { type DeviceImages, GpuImages } from '../image/device-images.ts';
import { WebGpuError } from '../webgpu-error.ts';
import { orAborted } from './abort.ts';
import { DeviceState } from './device-state.ts';
import { GpuProgram, type ProgramOwner, retryOnce, type WebGpuProgram } from './webgpu-program.ts';

export interface WebGpuBackendOptions extends DeviceOptions {
  /**
   * Looks for NaN after every operation and names the first that makes one. Slow.
   *
   * @defaultValue false
   */
  readonly debug?: boolean | undefined;
}

/** Runs graphs on a GPU. */
export interface WebGpuBackend extends Backend {
  readonly kind: 'webgpu';
  /** The device of now; after a loss it is another one. Values of programs live on it. */
  readonly device: GPUDevice;
  /** A rasteriser on the CPU: right, and slow. */
  readonly software: boolean;
  /** Photographs on the device: into an encoder, and masks out of a decoder. */
  readonly images: DeviceImages;
  compile(graph: Graph, weights: WeightStore, options?: CompileOptions): Promise<WebGpuProgram>;
}

/**
 * Opens a device, or takes the caller's, and makes a backend on it.
 *
 * @throws WebGpuError `no-webgpu` or `no-adapter`
 */
export async function createWebGpuBackend(
  options: WebGpuBackendOptions = {},
): Promise<WebGpuBackend> {
  return new GpuBackend(options, new DeviceState(await openDevice(options)));
}

class GpuBackend implements WebGpuBackend, ProgramOwner {
  readonly kind = 'webgpu';
  readonly debug: boolean;
  readonly images: DeviceImages = new GpuImages(this);
  private readonly options: WebGpuBackendOptions;
  private state: DeviceState;
  private reopening: Promise<DeviceState> | undefined;
  private disposed = false;

  constructor(options: WebGpuBackendOptions, state: DeviceState) {
    this.options = options;
    this.debug = options.debug ?? false;
    this.state = state;
  }

  get description(): string {
    return `webgpu, ${adapterName(this.state.device.adapterInfo)}`;
  }

  get device(): GPUDevice {
    return this.state.device;
  }

  get software(): boolean {
    return this.state.kernels.software;
  }

  async compile(
    graph: Graph,
    weights: WeightStore,
    { signal }: CompileOptions = {},
  ): Promise<WebGpuProgram> {
    this.expectAlive();
    signal?.throwIfAborted();
    checkWeights(graph, weights);
    const program = new GpuProgram(graph, this, weights);
    const drop = (): void => program.dispose();
    await orAborted(
      retryOnce(() => program.prepare(signal)),
      signal,
      drop,
    );
    if (this.disposed) {
      drop();
      this.expectAlive();
    }
    return program;
  }

  async liveState(): Promise<DeviceState> {
    this.expectAlive();
    if (!this.state.isLost) {
      return this.state;
    }
    if (!this.state.owned) {
      // The caller's device is the caller's to replace.
      throw this.state.lossError();
    }
    this.reopening ??= this.reopen();
    return this.reopening;
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.state.dispose();
    }
  }

  private async reopen(): Promise<DeviceState> {
    try {
      this.state.dispose();
      // An adapter gives one device only.
      this.state = new DeviceState(await openDevice({ ...this.options, adapter: undefined }));
      if (this.disposed) {
        this.state.dispose();
      }
      this.expectAlive();
      return this.state;
    } finally {
      this.reopening = undefined;
    }
  }

  private expectAlive(): void {
    if (this.disposed) {
      throw new WebGpuError('disposed', 'the WebGPU backend was used after it was disposed of');
    }
  }
}

function checkWeights(graph: Graph, weights: WeightStore): void {
  const mismatch = weightMismatch(graph, weights);
  if (mismatch !== undefined) {
    throw new WebGpuError('weights', mismatch);
  }
}
