import type { KernelDevice } from '../kernel.ts';
import { stepGrid } from '../view/grid.ts';
import { type ImageKernel, packParameters } from './image-kernel.ts';
import { source } from './threshold-mask.wgsl.ts';

export interface ThresholdMaskOptions {
  readonly masks: number;
  /** Of the logits. */
  readonly height: number;
  readonly width: number;
  /** Where the logits begin, in elements. @defaultValue 0 */
  readonly offset?: number;
  /** Of the photograph. */
  readonly outHeight: number;
  readonly outWidth: number;
  /** Weights per output position along each axis. */
  readonly rowTaps: number;
  readonly columnTaps: number;
  /** Pixels are inside whose logit is above this. @defaultValue 0 */
  readonly threshold?: number;
  /** Count a logit at the threshold as inside. @defaultValue false */
  readonly inclusive?: boolean;
  /** How far the threshold is moved up and down to see how stable a mask is. @defaultValue 1 */
  readonly stabilityOffset?: number;
}

/** What the binding `counts` holds of a mask. */
export interface MaskCounts {
  /** Pixels inside. */
  readonly area: number;
  /** The smallest box around them, in pixels; all zeros for an empty mask. */
  readonly bounds: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  /** Pixels above the raised threshold, and above the lowered one: their ratio is the stability. */
  readonly aboveRaised: number;
  readonly aboveLowered: number;
}

/** Words of `counts` per mask. */
export const MASK_COUNT_WORDS = 8;

/** 32-bit words that a row of a mask takes. */
export function maskRowWords(width: number): number {
  return Math.ceil(width / 32);
}

/**
 * Masks of whole photographs from logits of low resolution.
 *
 * Bindings: parameters, logits [masks, height, width], rows and columns (taps as `packTaps` gives
 * them, in f32, every position inside), bits [masks, outHeight, maskRowWords(outWidth)] with the
 * leftmost pixel in the lowest bit, counts [masks, MASK_COUNT_WORDS], which must be zeros before.
 *
 * Sums are f32: a pixel can differ from one computed in f64 where its logit is within a few f32
 * steps of the threshold.
 */
export function thresholdMaskKernel(
  options: ThresholdMaskOptions,
  device: KernelDevice,
): ImageKernel {
  const { masks, height, width, outHeight, outWidth, rowTaps, columnTaps, offset = 0 } = options;
  const { threshold = 0, inclusive = false, stabilityOffset = 1 } = options;
  const words = outHeight * maskRowWords(outWidth);
  const grid = stepGrid(words, device);
  const parameters = packParameters([
    masks,
    height,
    width,
    offset,
    outHeight,
    outWidth,
    rowTaps,
    columnTaps,
    { float: threshold },
    { float: stabilityOffset },
    Number(inclusive),
  ]);
  return {
    parameters,
    kernel: {
      label: 'threshold-mask',
      source,
      constants: { WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE },
      bindings: [
        { name: 'parameters', access: 'read', bytes: parameters.byteLength },
        { name: 'logits', access: 'read', bytes: (offset + masks * height * width) * 4 },
        { name: 'rows', access: 'read', bytes: outHeight * (rowTaps + 1) * 4 },
        { name: 'columns', access: 'read', bytes: outWidth * (columnTaps + 1) * 4 },
        { name: 'bits', access: 'read-write', bytes: masks * words * 4 },
        { name: 'counts', access: 'read-write', bytes: masks * MASK_COUNT_WORDS * 4 },
      ],
      workgroups: [grid.workgroups[0], grid.workgroups[1], masks],
      flops: 2 * masks * outHeight * outWidth * (rowTaps + 1) * columnTaps,
    },
  };
}

/** Reads the counts of one mask of a photograph of that size. */
export function readMaskCounts(
  counts: Uint32Array,
  mask: number,
  size: { readonly width: number; readonly height: number },
): MaskCounts {
  const start = mask * MASK_COUNT_WORDS;
  const [area, aboveRaised, aboveLowered, fromRight, fromBottom, right, bottom] = counts.subarray(
    start,
    start + MASK_COUNT_WORDS,
  ) as unknown as [number, number, number, number, number, number, number];
  const x = area === 0 ? 0 : size.width - fromRight;
  const y = area === 0 ? 0 : size.height - fromBottom;
  return {
    area,
    bounds: { x, y, width: right - x, height: bottom - y },
    aboveRaised,
    aboveLowered,
  };
}
