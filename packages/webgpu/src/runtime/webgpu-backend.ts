import {
  type Backend,
  type CompileOptions,
  type Graph,
  weightMismatch,
  type WeightStore,
} from '@samgpu/graph';

import { adapterName, type DeviceOptions, openDevice } from '../device/open-device.ts';
import { type DeviceImages, GpuImages } from '../image/device-images.ts';
import { type DeviceMattes, GpuMattes } from '../matte/device-mattes.ts';
import type { TuneOptions } from '../tuning/tune-graph.ts';
import { Tuner, type TuningReport, type VariantOptions } from '../tuning/tuner.ts';
import { WebGpuError } from '../webgpu-error.ts';
import { orAborted } from './abort.ts';
import { DeviceState } from './device-state.ts';
import { GpuProgram, type ProgramOwner, retryOnce, type WebGpuProgram } from './webgpu-program.ts';

export interface WebGpuBackendOptions extends DeviceOptions, VariantOptions {
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
  /** Makes mattes on the device: `device` of the options of `matte`. */
  readonly mattes: DeviceMattes;
  compile(graph: Graph, weights: WeightStore, options?: CompileOptions): Promise<WebGpuProgram>;
  /**
   * Measures the variants of every product, convolution and attention of a graph on this device, with
   * random operands, and checks each against the usual variant. What wins is taken for graphs that
   * are compiled from then on, and kept for later runs unless `tuning` is `off`. Takes seconds on a
   * GPU.
   *
   * @throws WebGpuError `device-lost`, `disposed` or `unsupported`
   */
  tune(graph: Graph, options?: TuneOptions): Promise<TuningReport>;
}

/**
 * Opens a device, or takes the caller's, and makes a backend on it.
 *
 * @throws WebGpuError `no-webgpu`, `no-adapter`, or `variants` for a table that names what there is not
 */
export async function createWebGpuBackend(
  options: WebGpuBackendOptions = {},
): Promise<WebGpuBackend> {
  const tuner = new Tuner(options);
  return new GpuBackend(options, tuner, await equippedDevice(options, tuner));
}

async function equippedDevice(options: DeviceOptions, tuner: Tuner): Promise<DeviceState> {
  const state = new DeviceState(await openDevice(options));
  try {
    await tuner.equip(state);
    return state;
  } catch (error) {
    state.dispose();
    throw error;
  }
}

class GpuBackend implements WebGpuBackend, ProgramOwner {
  readonly kind = 'webgpu';
  readonly debug: boolean;
  readonly images: DeviceImages = new GpuImages(this);
  readonly mattes: DeviceMattes = new GpuMattes(this);
  private readonly options: WebGpuBackendOptions;
  private readonly tuner: Tuner;
  private state: DeviceState;
  private reopening: Promise<DeviceState> | undefined;
  private disposed = false;

  constructor(options: WebGpuBackendOptions, tuner: Tuner, state: DeviceState) {
    this.options = options;
    this.tuner = tuner;
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
    await retryOnce(async () => this.tuner.prepare(graph, await this.liveState(), signal));
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

  async tune(graph: Graph, options: TuneOptions = {}): Promise<TuningReport> {
    this.expectAlive();
    return this.tuner.tune(graph, await this.liveState(), options);
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
      this.state = await equippedDevice({ ...this.options, adapter: undefined }, this.tuner);
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
