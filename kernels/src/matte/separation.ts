import { type ImageKernel, packParameters } from '../image/image-kernel.ts';
import type { KernelDevice } from '../kernel.ts';
import { stepGrid } from '../view/grid.ts';
import { source as cellMomentsSource } from './cell-moments.wgsl.ts';
import type { SeparationRules } from './matte-rules.ts';
import { source as momentsSource } from './moments.wgsl.ts';
import { source as separateCellsSource } from './separate-cells.wgsl.ts';
import { source as smoothLinesSource } from './smooth-lines.wgsl.ts';
import { source as solveSymmetricSource } from './solve-symmetric.wgsl.ts';

/** Sums over a window: 1, label, colour (3), colour times label (3), products of colours (6). */
export const CELL_MOMENTS = 14;

/** Numbers of a line and its weight, or its distance: slope (3), offset, variance, and that. */
export const LINE_NUMBERS = 6;

/** Windows that an invocation sums, as `RUN` in the shaders, which need wider ones. */
const RUN = 4;

/** A grid of cells. */
export interface CellGrid {
  readonly width: number;
  readonly height: number;
}

/** One sample per cell. */
export interface SampledCells extends CellGrid {
  /** 0 to 1. */
  readonly colors: ArrayLike<number>; // [height, width, 3]
  /** 1 inside the mask, 0 outside. */
  readonly labels: ArrayLike<number>; // [height, width]
  /** From the outline, finite. */
  readonly distance: ArrayLike<number>; // [height, width]
  /** 0 for a sample that is transparent and has no colour. */
  readonly seen: ArrayLike<number>; // [height, width]
}

/** @returns `[height, width, 2]`, as the kernels of this file read cells */
export function packCells(cells: SampledCells): Uint32Array<ArrayBuffer> {
  const { width, height, colors, labels, distance, seen } = cells;
  const packed = new Uint32Array(width * height * 2);
  const floats = new Float32Array(packed.buffer);
  for (let i = 0; i < width * height; i++) {
    const level = (k: number): number => Math.round(colors[i * 3 + k]! * 255);
    packed[i * 2] =
      level(0) |
      (level(1) << 8) |
      (level(2) << 16) |
      (labels[i] === 0 ? 0 : 1 << 24) |
      (seen[i] === 0 ? 0 : 1 << 25);
    floats[i * 2 + 1] = distance[i]!;
  }
  return packed;
}

/** One size of window. */
export interface SeparationWindow {
  /** In cells, at least 2. */
  readonly radius: number;
  /** Distance from the outline from which on a label counts fully. */
  readonly trusted: number;
}

/**
 * Weighted sums over the rows of windows.
 *
 * Bindings: parameters, cells as `packCells` gives them, sums [CELL_MOMENTS, height, width].
 */
export function cellMomentsKernel(
  { width, height }: CellGrid,
  { radius, trusted }: SeparationWindow,
  { leastWeight }: Pick<SeparationRules, 'leastWeight'>,
  device: KernelDevice,
): ImageKernel {
  checkRadius(radius);
  const cells = width * height;
  return gridKernel({
    label: 'cell-moments',
    source: `${cellMomentsSource}\n${momentsSource}`,
    constants: { LEAST_WEIGHT: leastWeight },
    parameters: [width, height, radius, { float: trusted }],
    buffers: { cells: cells * 8, sums: cells * CELL_MOMENTS * 4 },
    steps: Math.ceil(width / RUN) * height,
    flops: cells * (2 * radius + 1) * 4,
    device,
  });
}

/**
 * Sums over the columns of windows, and the lines that separate the colours in them, added to
 * those of other windows.
 *
 * Bindings: parameters, cells, rows of `cellMomentsKernel`, sums [height, width, LINE_NUMBERS],
 * which must be zeros before the first.
 *
 * @param reach - cells further from the outline get no line
 */
export function separateCellsKernel(
  { width, height }: CellGrid,
  { radius }: Pick<SeparationWindow, 'radius'>,
  reach: number,
  rules: SeparationRules,
  device: KernelDevice,
): ImageKernel {
  checkRadius(radius);
  const cells = width * height;
  return gridKernel({
    label: 'separate-cells',
    source: `${separateCellsSource}\n${momentsSource}\n${solveSymmetricSource}`,
    constants: {
      REGULARIZATION: rules.regularization,
      LEAST_VARIANCE: rules.leastVariance,
      MOST_VARIANCE: rules.mostVariance,
      FEW_SAMPLES: rules.fewSamples,
    },
    parameters: [width, height, radius, { float: reach }],
    buffers: {
      cells: cells * 8,
      rows: cells * CELL_MOMENTS * 4,
      sums: cells * LINE_NUMBERS * 4,
    },
    steps: Math.ceil(height / RUN) * width,
    flops: cells * (2 * radius + 1) * 4,
    device,
  });
}

/**
 * Averages neighbouring lines by their certainty.
 *
 * Bindings: parameters, cells, sums of `separateCellsKernel`, lines [height, width, LINE_NUMBERS]
 * with the distance from the outline in the place of the weight.
 *
 * @param radius - in cells
 */
export function smoothLinesKernel(
  { width, height }: CellGrid,
  radius: number,
  { leastCertainty, unknownVariance }: SeparationRules,
  device: KernelDevice,
): ImageKernel {
  const bytes = width * height * LINE_NUMBERS * 4;
  return gridKernel({
    label: 'smooth-lines',
    source: smoothLinesSource,
    constants: { LEAST_CERTAINTY: leastCertainty, UNKNOWN_VARIANCE: unknownVariance },
    parameters: [width, height, radius],
    buffers: { cells: width * height * 8, sums: bytes, lines: bytes },
    steps: width * height,
    flops: width * height * (2 * radius + 1) ** 2 * LINE_NUMBERS,
    device,
  });
}

function checkRadius(radius: number): void {
  if (radius < RUN / 2) {
    throw new RangeError(`windows of radius ${radius}: wanted at least ${RUN / 2} cells`);
  }
}

/** @param buffers - bytes by name, the last one is written */
function gridKernel(parts: {
  readonly label: string;
  readonly source: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly parameters: Parameters<typeof packParameters>[0];
  readonly buffers: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly flops: number;
  readonly device: KernelDevice;
}): ImageKernel {
  const grid = stepGrid(parts.steps, parts.device);
  const parameters = packParameters(parts.parameters);
  const buffers = Object.entries(parts.buffers);
  return {
    parameters,
    kernel: {
      label: parts.label,
      source: parts.source,
      constants: { ...parts.constants, WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE },
      bindings: [
        { name: 'parameters', access: 'read', bytes: parameters.byteLength },
        ...buffers.map(([name, bytes], index) => ({
          name,
          bytes,
          access: index === buffers.length - 1 ? ('read-write' as const) : ('read' as const),
        })),
      ],
      workgroups: grid.workgroups,
      flops: parts.flops,
    },
  };
}
