import { host } from '#gpu';

import { messageOf, WebGpuError } from '../webgpu-error.ts';
import { isSoftwareAdapter } from './software-adapter.ts';

export interface DeviceOptions {
  /**
   * A device of the caller, for example three.js's. It is used as it is and never destroyed.
   */
  readonly device?: GPUDevice | undefined;
  /** An adapter of the caller. It gives one device only, so after a loss another is asked for. */
  readonly adapter?: GPUAdapter | undefined;
  /** @defaultValue 'high-performance' */
  readonly powerPreference?: GPUPowerPreference | undefined;
  /**
   * Whether rasterisers on the CPU will do.
   *
   * @defaultValue true
   */
  readonly software?: boolean | undefined;
  /**
   * `adapter` takes all that the adapter has, `default` only what every WebGPU device has: 128 MiB
   * per binding, 16 KiB of workgroup storage, no optional feature.
   *
   * @defaultValue 'adapter'
   */
  readonly limits?: 'adapter' | 'default' | undefined;
  /** Settings of Dawn, in Node only, as `webgpu`'s `create` takes them. */
  readonly toggles?: readonly string[] | undefined;
}

/** A device with what it takes to let go of it. */
export interface OpenedDevice {
  readonly device: GPUDevice;
  /** Whether it is ours to destroy, and to replace when it is lost. */
  readonly owned: boolean;
  /** To be referenced for as long as the device is used. */
  readonly origin: unknown;
}

/** Features that kernels use where they are. */
const USEFUL_FEATURES: readonly string[] = [
  'shader-f16',
  'subgroups',
  'timestamp-query',
  'chromium-experimental-subgroup-matrix',
];

/** Limits that kernels and buffers make use of. */
const USEFUL_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/**
 * Takes the caller's device, or asks for one.
 *
 * @throws WebGpuError `no-webgpu` or `no-adapter`
 */
export async function openDevice(options: DeviceOptions): Promise<OpenedDevice> {
  if (options.device !== undefined) {
    return { device: options.device, owned: false, origin: undefined };
  }
  if (options.software === false && options.adapter === undefined) {
    const missing = host.missingGpu();
    if (missing !== undefined) {
      throw missing;
    }
  }
  const { adapter, origin } =
    options.adapter === undefined
      ? await requestAdapter(options)
      : { adapter: options.adapter, origin: undefined };
  if (options.software === false && isSoftwareAdapter(adapter.info)) {
    throw new WebGpuError(
      'no-adapter',
      `the only WebGPU adapter is software (${adapterName(adapter.info)})`,
    );
  }
  try {
    const device = await requestDevice(adapter, options.limits ?? 'adapter');
    return { device, owned: true, origin: [origin, adapter] };
  } catch (cause) {
    throw new WebGpuError(
      'no-adapter',
      `the adapter ${adapterName(adapter.info)} gave no device: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** @throws WebGpuError `no-webgpu` or `no-adapter` */
export async function requestAdapter(
  options: Pick<DeviceOptions, 'powerPreference' | 'toggles'>,
): Promise<{ readonly adapter: GPUAdapter; readonly origin: GPU }> {
  const gpu = await host.open(options.toggles);
  const { powerPreference = 'high-performance' } = options;
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference });
  } catch (cause) {
    throw new WebGpuError('no-adapter', `WebGPU gives no adapter: ${messageOf(cause)}`, { cause });
  }
  if (adapter === null) {
    throw new WebGpuError('no-adapter', 'WebGPU offers no adapter: no GPU, or no driver for it');
  }
  return { adapter, origin: gpu };
}

function requestDevice(adapter: GPUAdapter, limits: 'adapter' | 'default'): Promise<GPUDevice> {
  if (limits === 'default') {
    return adapter.requestDevice({ label: 'samgpu' });
  }
  return adapter.requestDevice({
    label: 'samgpu',
    // One of them is an experiment that type declarations do not know.
    requiredFeatures: USEFUL_FEATURES.filter((name) =>
      adapter.features.has(name),
    ) as GPUFeatureName[],
    requiredLimits: Object.fromEntries(USEFUL_LIMITS.map((name) => [name, adapter.limits[name]])),
  });
}

/** How people call an adapter: `NVIDIA GeForce RTX 3080 (nvidia, ampere)`. */
export function adapterName(info: GPUAdapterInfo): string {
  const { vendor, architecture, device, description } = info;
  const name = description || device || 'unnamed';
  const family = [vendor, architecture].filter((part) => part !== '' && part !== name);
  return family.length > 0 ? `${name} (${family.join(', ')})` : name;
}
