import type { KernelDevice } from '../kernel.ts';
import { stepGrid } from '../view/grid.ts';
import { source as cover } from './cover-target.wgsl.ts';
import { type ImageKernel, packParameters } from './image-kernel.ts';
import { source as drawSource } from './draw-overlay.wgsl.ts';
import { source as outline } from './outline.wgsl.ts';
import { source as overlay } from './overlay.wgsl.ts';
import { maskRowWords } from './threshold-mask.ts';

/** Red, green and blue, 0 to 255. */
export type OverlayColor = readonly [number, number, number];

/** How a mask is shown over its photograph. */
export interface OverlayLook {
  readonly color: OverlayColor;
  /** Of the tint, 0 to 1. */
  readonly opacity: number;
  /** Line along the edge, in pixels of the photograph, 0 for none. @defaultValue 0 */
  readonly outlineWidth?: number;
  /** @defaultValue the colour of the tint */
  readonly outlineColor?: OverlayColor;
}

export interface OverlayKernelOptions extends OverlayLook {
  /** Of the photograph and the mask, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels from one row to the next, for textures that are copied to and from buffers. @defaultValue width */
  readonly rowPitch?: number;
  readonly outRowPitch?: number;
  /** Where the mask begins in its buffer, in words. @defaultValue 0 */
  readonly maskOffset?: number;
}

/**
 * A photograph with a mask tinted and outlined. The edge of the photograph itself gets no line.
 *
 * Bindings: parameters, bits as `thresholdMaskKernel` gives them, pixels (RGBA, a byte each)
 * [height, rowPitch], result [height, outRowPitch] like pixels.
 */
export function overlayKernel(options: OverlayKernelOptions, device: KernelDevice): ImageKernel {
  const { width, height, rowPitch = width, outRowPitch = width, maskOffset = 0 } = options;
  const { color, outlineColor = color } = options;
  const grid = stepGrid(width * height, device);
  const parameters = overlayParameters({
    ...options,
    rowPitch,
    outRowPitch,
    maskOffset,
    tint: color,
    line: outlineColor,
    area: [0, 0, width, height],
  });
  return {
    parameters,
    kernel: {
      label: 'overlay',
      source: `${outline}\n${overlay}`,
      constants: { WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE },
      bindings: [
        { name: 'parameters', access: 'read', bytes: parameters.byteLength },
        { name: 'bits', access: 'read', bytes: (maskOffset + height * maskRowWords(width)) * 4 },
        { name: 'pixels', access: 'read', bytes: ((height - 1) * rowPitch + width) * 4 },
        { name: 'result', access: 'read-write', bytes: ((height - 1) * outRowPitch + width) * 4 },
      ],
      workgroups: grid.workgroups,
      flops: 0,
    },
  };
}

export interface OverlayDrawingOptions extends OverlayLook {
  /** Of the photograph and the mask, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Where the photograph lies in the target, in pixels of that: left, top, width and height. */
  readonly area: readonly [left: number, top: number, width: number, height: number];
  /** The target's format ends in `-srgb`, so that it takes linear light. @defaultValue false */
  readonly linear?: boolean;
}

/** A shader for a render pass over a target, as plain data. */
export interface OverlayDrawing {
  /** With the entry points `cover`, for three vertices, and `shade`. */
  readonly source: string;
  /** Contents of binding 0 of the fragment stage, read-only storage. */
  readonly parameters: Uint32Array<ArrayBuffer>;
}

/**
 * A mask over whatever a target shows, to be blended with straight alpha. Pixels of the photograph
 * that are shown larger keep sharp edges.
 *
 * Bindings of the fragment stage, both read-only storage: parameters, bits.
 */
export function overlayDrawing(options: OverlayDrawingOptions): OverlayDrawing {
  const { width, color, outlineColor = color, linear = false } = options;
  const shown = (color: OverlayColor): number[] =>
    color.map((level) => (linear ? decoded(level / 255) : level / 255));
  const parameters = overlayParameters({
    ...options,
    rowPitch: width,
    outRowPitch: width,
    maskOffset: 0,
    tint: shown(color),
    line: shown(outlineColor),
  });
  return { source: `${cover}\n${outline}\n${drawSource}`, parameters };
}

/** The transfer function of sRGB, backwards. */
function decoded(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** As outline.wgsl has them. */
function overlayParameters({
  width,
  height,
  rowPitch,
  outRowPitch,
  maskOffset,
  outlineWidth = 0,
  opacity,
  tint,
  line,
  area,
}: {
  readonly width: number;
  readonly height: number;
  readonly rowPitch: number;
  readonly outRowPitch: number;
  readonly maskOffset: number;
  readonly outlineWidth?: number;
  readonly opacity: number;
  readonly tint: readonly number[];
  readonly line: readonly number[];
  readonly area: readonly number[];
}): Uint32Array<ArrayBuffer> {
  return packParameters([
    width,
    height,
    rowPitch,
    outRowPitch,
    maskOffset,
    Math.floor(outlineWidth ** 2),
    Math.floor(outlineWidth / 2),
    ...[opacity, ...tint, 1, ...line, 1, ...area].map((float) => ({ float })),
  ]);
}
