import { messageOf, WebGpuError, type WebGpuErrorCode } from '../webgpu-error.ts';
import { type DeviceOptions, requestAdapter } from './open-device.ts';
import { isSoftwareAdapter } from './software-adapter.ts';

/** The adapter that a backend would take, in plain values. */
export interface AdapterDescription {
  /** Lower-case, for example `nvidia`; empty where the browser hides it. */
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** A rasteriser on the CPU. */
  readonly software: boolean;
  readonly isFallback: boolean;
  /** Smallest and largest number of invocations that run in step; undefined without subgroups. */
  readonly subgroupSizes: readonly [number, number] | undefined;
  readonly features: readonly string[];
  /** As WebGPU names them; sizes are in bytes. */
  readonly limits: Readonly<Record<string, number>>;
}

/** What `samgpu doctor` says about WebGPU. */
export type AdapterReport =
  | { readonly available: true; readonly adapter: AdapterDescription }
  | { readonly available: false; readonly code: WebGpuErrorCode; readonly reason: string };

/** Looks at what WebGPU offers here, without opening a device. Does not throw. */
export async function describeAdapter(
  options: Pick<DeviceOptions, 'adapter' | 'powerPreference' | 'toggles'> = {},
): Promise<AdapterReport> {
  try {
    const adapter = options.adapter ?? (await requestAdapter(options)).adapter;
    return { available: true, adapter: describe(adapter) };
  } catch (cause) {
    const code = cause instanceof WebGpuError ? cause.code : 'no-webgpu';
    return { available: false, code, reason: messageOf(cause) };
  }
}

function describe({ info, features, limits }: GPUAdapter): AdapterDescription {
  const { vendor, architecture, device, description, isFallbackAdapter } = info;
  const values: Record<string, number> = {};
  // Limits are getters of the prototype, so that they have no entries of their own.
  for (const name in limits) {
    const value: unknown = Reflect.get(limits, name);
    if (typeof value === 'number') {
      values[name] = value;
    }
  }
  return {
    vendor,
    architecture,
    device,
    description,
    software: isSoftwareAdapter(info),
    isFallback: isFallbackAdapter,
    subgroupSizes: features.has('subgroups')
      ? [info.subgroupMinSize, info.subgroupMaxSize]
      : undefined,
    features: [...features].sort(),
    limits: values,
  };
}
