import type { KernelDevice } from '../kernel.ts';
import { stepGrid } from '../view/grid.ts';
import { type ImageKernel, packParameters } from './image-kernel.ts';
import { source } from './overlay.wgsl.ts';
import { maskRowWords } from './threshold-mask.ts';

/** Red, green and blue, 0 to 255. */
export type OverlayColor = readonly [number, number, number];

export interface OverlayKernelOptions {
  /** Of the photograph and the mask, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels from one row to the next, for textures that are copied to and from buffers. @defaultValue width */
  readonly rowPitch?: number;
  readonly outRowPitch?: number;
  /** Where the mask begins in its buffer, in words. @defaultValue 0 */
  readonly maskOffset?: number;
  readonly color: OverlayColor;
  /** Of the tint, 0 to 1. */
  readonly opacity: number;
  /** Line along the edge, in pixels of the photograph, 0 for none. @defaultValue 0 */
  readonly outlineWidth?: number;
  /** @defaultValue the colour of the tint */
  readonly outlineColor?: OverlayColor;
}

/**
 * A photograph with a mask tinted and outlined. The edge of the photograph itself gets no line.
 *
 * Bindings: parameters, pixels (RGBA, a byte each) [height, rowPitch], bits as `thresholdMaskKernel`
 * gives them, result [height, outRowPitch] like pixels.
 */
export function overlayKernel(options: OverlayKernelOptions, device: KernelDevice): ImageKernel {
  const { width, height, rowPitch = width, outRowPitch = width, maskOffset = 0 } = options;
  const { color, opacity, outlineWidth = 0, outlineColor = color } = options;
  const grid = stepGrid(width * height, device);
  const floats = (values: readonly number[]): { float: number }[] =>
    values.map((float) => ({ float }));
  const parameters = packParameters([
    width,
    height,
    rowPitch,
    outRowPitch,
    maskOffset,
    Math.floor(outlineWidth ** 2),
    Math.floor(outlineWidth / 2),
    ...floats([opacity, ...color, 255, ...outlineColor, 255]),
  ]);
  return {
    parameters,
    kernel: {
      label: 'overlay',
      source,
      constants: { WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE },
      bindings: [
        { name: 'parameters', access: 'read', bytes: parameters.byteLength },
        { name: 'pixels', access: 'read', bytes: ((height - 1) * rowPitch + width) * 4 },
        { name: 'bits', access: 'read', bytes: (maskOffset + height * maskRowWords(width)) * 4 },
        { name: 'result', access: 'read-write', bytes: ((height - 1) * outRowPitch + width) * 4 },
      ],
      workgroups: grid.workgroups,
      flops: 0,
    },
  };
}
