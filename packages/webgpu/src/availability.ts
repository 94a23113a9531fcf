/**
 * A first look that costs next to nothing, for those who load this package only where it can run.
 *
 * @packageDocumentation
 */
import { host } from '#gpu';

export { isSoftwareAdapter } from './device/software-adapter.ts';
export { WebGpuError, type WebGpuErrorCode, type WebGpuErrorSizes } from './webgpu-error.ts';

/**
 * Why there is certainly no GPU that WebGPU could use here; undefined where there may be one.
 *
 * Neither this package's engine nor a driver is loaded.
 */
export function missingGpu(): string | undefined {
  return host.missingGpu()?.message;
}
