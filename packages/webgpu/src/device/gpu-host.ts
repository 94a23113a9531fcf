import type { WebGpuError } from '../webgpu-error.ts';

/** What differs between Node and browsers. The import map of package.json chooses. */
export interface GpuHost {
  /**
   * The entry point of WebGPU.
   *
   * @param toggles - Dawn's own settings; browsers have none
   * @throws WebGpuError with code `no-webgpu` where there is none
   */
  open(toggles: readonly string[] | undefined): Promise<GPU>;
  /**
   * Why there is certainly no real GPU here; undefined where there may be one. It loads no driver,
   * which is slow and prints warnings of its own.
   */
  missingGpu(): WebGpuError | undefined;
}
