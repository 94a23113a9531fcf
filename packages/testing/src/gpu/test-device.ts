import { describeDevice, type KernelDevice } from '@samgpu/kernels';
import { createNodeGpu } from './node-webgpu.ts';

export interface TestDevice {
  readonly device: GPUDevice;
  /** The same as kernels see it. */
  readonly kernelDevice: KernelDevice;
  readonly adapterName: string;
}

export interface TestDeviceOptions {
  /**
   * `adapter`: all that the adapter has. `default`: what WebGPU guarantees, so that a kernel which
   * needs more is found out. By default `default`.
   */
  readonly limits?: 'adapter' | 'default';
  /** Default: a device that runs. `null`: one that compiles shaders for all features and runs none. */
  readonly backend?: 'null';
}

const optionalFeatures = [
  'subgroups',
  'shader-f16',
  'timestamp-query',
  'chromium-experimental-subgroup-matrix',
] as GPUFeatureName[];

const toggles = [
  // Cleared workgroup memory is a store per element in SwiftShader's code, a second to compile.
  // Kernels write it before they read it.
  'enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia,use_vulkan_memory_model,disable_workgroup_init',
  // Timestamps are otherwise rounded to 65 microseconds, which is longer than a small kernel takes.
  'disable-dawn-features=timestamp_quantization',
];

// A device does not keep these alive by itself: it crashes once they are collected.
const owners = new Set<GPU | GPUAdapter>();
const devices = new Map<string, Promise<TestDevice | undefined>>();
let reason: string | undefined;

/**
 * A WebGPU device in Node, one per process and kind. It stays open until {@link closeTestDevices}.
 *
 * @returns undefined where there is none; {@link missingDevice} then says why
 * @example
 * const gpu = await openTestDevice();
 * describe.skipIf(gpu === undefined)(`linear${missingDevice()}`, () => { ... gpu! ... });
 */
export async function openTestDevice(
  options: TestDeviceOptions = {},
): Promise<TestDevice | undefined> {
  const { limits = 'default', backend } = options;
  const kind = `${limits} ${backend ?? ''}`;
  let device = devices.get(kind);
  if (device === undefined) {
    device = open(limits, backend);
    devices.set(kind, device);
  }
  return device;
}

/** Why {@link openTestDevice} found none, as an addition to a test's name; empty where it did. */
export function missingDevice(): string {
  return reason === undefined ? '' : ` (needs WebGPU: ${reason})`;
}

/** Lets all devices go, as a program must that is to end by itself. Test runners do not need it. */
export async function closeTestDevices(): Promise<void> {
  const open = await Promise.all(devices.values());
  devices.clear();
  for (const entry of open) entry?.device.destroy();
  owners.clear();
}

async function open(
  limits: 'adapter' | 'default',
  backend: 'null' | undefined,
): Promise<TestDevice | undefined> {
  try {
    const gpu = await createNodeGpu(backend ? [`backend=${backend}`, ...toggles] : toggles);
    owners.add(gpu);
    const adapter = await gpu.requestAdapter();
    if (adapter === null) {
      reason = 'no adapter; on Debian the chromium package has a software one';
      return undefined;
    }
    owners.add(adapter);
    const device = await adapter.requestDevice({
      requiredFeatures: optionalFeatures.filter((feature) => adapter.features.has(feature)),
      requiredLimits: limits === 'adapter' ? allLimits(adapter) : {},
    });
    const { vendor, architecture, device: name, description } = device.adapterInfo;
    const adapterName = [vendor, architecture, name, description].filter(Boolean).join(' ');
    return { device, kernelDevice: describeDevice(device), adapterName };
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
    return undefined;
  }
}

function allLimits(adapter: GPUAdapter): Record<string, number> {
  const limits: Record<string, number> = {};
  // Getters on the prototype, which Object.entries does not see.
  for (const name in adapter.limits) {
    const value = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') limits[name] = value;
  }
  return limits;
}
