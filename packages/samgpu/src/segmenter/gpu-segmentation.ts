import type { GpuMask } from './gpu-mask.ts';

/** What came out for one prompt, on the GPU. Dispose of it when it has been drawn for the last time. */
export class GpuSegmentation {
  /**
   * At least one, in the model's own order. Which one it thinks best stands in scores that were not
   * read back; without `multimask` it is the first, if the model gives only one.
   */
  readonly masks: readonly GpuMask[];

  /** @internal */
  constructor(masks: readonly GpuMask[]) {
    this.masks = masks;
  }

  /** `masks[0]`. */
  get mask(): GpuMask {
    return this.masks[0]!;
  }

  dispose(): void {
    this.masks.forEach((mask) => mask.dispose());
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
