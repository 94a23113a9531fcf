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
   * Why there is certainly no GPU here, where that can be told without loading a driver, which is
   * slow and prints warnings of its own.
   */
  missingGpu(): string | undefined;
}
