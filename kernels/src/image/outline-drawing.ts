import { source as cover } from './cover-target.wgsl.ts';
import { source as drawOutline } from './draw-outline.wgsl.ts';
import { packParameters } from './image-kernel.ts';
import { source as maskCoverage } from './mask-coverage.wgsl.ts';
import type { OverlayDrawing } from './overlay.ts';
import { source as showLayer } from './show-layer.wgsl.ts';

const coverageSource = `${cover}\n${maskCoverage}`;
const outlineSource = `${cover}\n${drawOutline}`;

/** `[a, b, c, d, e, f]`: x becomes `a x + c y + e`, y becomes `b x + d y + f`. */
export type PlaneMatrix = readonly [number, number, number, number, number, number];

export interface MaskCoverageOptions {
  /** Of the mask, in pixels. */
  readonly width: number;
  readonly height: number;
  /** From pixels of the mask to pixels of the target: scale, rotation and shift. */
  readonly matrix: PlaneMatrix;
  /**
   * Pixels of the target per pixel of the mask from which on the edges of its pixels are shown.
   * Below, they are smoothed. @defaultValue 4
   */
  readonly squaresFrom?: number;
}

/** Sides of the square that a smooth edge is averaged over: pixels of the target, and of the mask. */
const SMOOTH_TARGET_PIXELS = 1.5;
const SMOOTH_MASK_PIXELS = 2;

/**
 * How much of each pixel of a target a mask covers, for a target with one channel.
 *
 * Bindings of the fragment stage: parameters, bits as `thresholdMaskKernel` gives them; both read-only
 * storage.
 */
export function maskCoverageDrawing(options: MaskCoverageOptions): OverlayDrawing {
  const { width, height, matrix, squaresFrom = 4 } = options;
  const [a, b, c, d, e, f] = matrix;
  const determinant = a * d - b * c;
  const scale = Math.sqrt(Math.abs(determinant));
  const side =
    scale >= squaresFrom ? 1 / scale : Math.max(SMOOTH_TARGET_PIXELS / scale, SMOOTH_MASK_PIXELS);
  const inverse = [d, -b, -c, a].map((value) => value / determinant);
  const [toX, toY] = [(c * f - d * e) / determinant, (b * e - a * f) / determinant];
  return {
    source: coverageSource,
    parameters: packParameters([
      ...[...inverse, toX, toY].map((float) => ({ float })),
      width,
      height,
      { float: side / 2 },
      { float: side * scale },
      // A whole number of rows of four.
      0,
      0,
    ]),
  };
}

/** Red, green, blue and alpha from 0 to 1, straight. */
export type StraightColor = readonly [red: number, green: number, blue: number, alpha: number];

export interface OutlineDrawingOptions {
  /** Of the target, in pixels, as all lengths here. */
  readonly width: number;
  readonly height: number;
  readonly tint: StraightColor;
  /** Of tint and line together. @defaultValue 1 */
  readonly opacity?: number;
  /** @defaultValue no line */
  readonly line?: OutlineLine;
  /**
   * Pixels by which the coverage goes beyond each side of the target, `outlineMargin` of them for a
   * line that is whole where the mask ends with the target. @defaultValue 0
   */
  readonly margin?: number;
}

/** A line that follows an edge: centred on it, on a halo that sets it off. */
export interface OutlineLine {
  readonly color: StraightColor;
  readonly width: number;
  readonly haloColor: StraightColor;
  /** To each side of the line. */
  readonly haloWidth: number;
  /** @defaultValue a line without gaps */
  readonly dashes?: {
    readonly gapColor: StraightColor;
    readonly length: number;
    /** How far they have come. */
    readonly phase: number;
  };
}

/** How far a line is looked for around a pixel, in whole pixels of the target. */
export function outlineMargin({
  width,
  haloWidth,
}: Pick<OutlineLine, 'width' | 'haloWidth'>): number {
  // The direction of dashes is looked for a pixel farther out, between two texels.
  return Math.ceil(width / 2 + haloWidth) + 2;
}

/**
 * A mask's tint and outline, to be blended with premultiplied alpha.
 *
 * Bindings of the fragment stage: parameters, the texture that `maskCoverageDrawing` filled, which is the
 * target's size and the margin around it, a linear sampler that clamps to the edge.
 */
export function outlineDrawing(options: OutlineDrawingOptions): OverlayDrawing {
  const { width, height, tint, line, opacity = 1, margin = 0 } = options;
  const none = [0, 0, 0, 0] as const;
  const radius = (line?.width ?? 0) / 2;
  return {
    source: outlineSource,
    parameters: packParameters(
      [
        ...tint,
        ...(line?.color ?? none),
        ...(line?.dashes?.gapColor ?? none),
        ...(line?.haloColor ?? none),
        width + 2 * margin,
        height + 2 * margin,
        radius,
        radius + (line?.haloWidth ?? 0),
        line?.dashes?.length ?? 0,
        line?.dashes?.phase ?? 0,
        opacity,
        margin,
      ].map((float) => ({ float })),
    ),
  };
}

/**
 * Lays a premultiplied texture over a target of the same size. Binding 0 of the fragment stage is the
 * texture.
 */
export const LAYER_SOURCE: string = `${cover}\n${showLayer}`;
