import type { Kernel } from '../kernel.ts';
import { source as advanceSolutionSource } from './advance-solution.wgsl.ts';
import { source as coursesSource } from './courses.wgsl.ts';
import { source as flagBlocksSource } from './flag-blocks.wgsl.ts';
import { source as groupSumSource } from './group-sum.wgsl.ts';
import type { ClosedFormRules } from './matte-rules.ts';
import { courseBytes, TILE_GROUP_SIZE, type TileBatch, tileKernel } from './matte-tiles.ts';
import { source as settleCourseSource } from './settle-course.wgsl.ts';
import { source as startSolvingSource } from './start-solving.wgsl.ts';
import { source as tilesSource } from './tiles.wgsl.ts';
import { source as turnDirectionSource } from './turn-direction.wgsl.ts';

/**
 * What `parts` sum up to, and so what follows from it: `start` and `turn` take the squared residual,
 * `step` the curvature along the direction.
 */
export const COURSE_STAGES = ['start', 'step', 'turn'] as const;

/**
 * Finds the blocks where opacities are to be found; the kernels that follow leave out all others.
 *
 * Bindings: tiles, certainty, courses of `newCourses`.
 */
export function flagBlocksKernel(batch: TileBatch): Kernel {
  return tileKernel(batch, {
    label: 'flag-blocks',
    source: `${flagBlocksSource}\n${tilesSource}\n${coursesSource}`,
    read: { certainty: batch.pixels * 4 },
    write: { courses: courseBytes(batch) },
    flops: 10,
  });
}

/**
 * Begins: residual and direction of the estimate.
 *
 * Bindings: tiles, courses, inverse, product of the Laplacian alone, residual, direction, parts.
 */
export function startSolvingKernel(batch: TileBatch): Kernel {
  const each = batch.pixels * 4;
  return tileKernel(batch, {
    label: 'start-solving',
    source: `${startSolvingSource}\n${tilesSource}\n${coursesSource}\n${groupSumSource}`,
    read: { courses: courseBytes(batch), inverse: each, product: each },
    write: { residual: each, direction: each, parts: batch.blocks * 4 },
    flops: 4,
  });
}

/**
 * Goes a step along the direction.
 *
 * Bindings: tiles, courses, inverse, direction, product, opacity, residual, parts.
 */
export function advanceSolutionKernel(batch: TileBatch): Kernel {
  const each = batch.pixels * 4;
  return tileKernel(batch, {
    label: 'advance-solution',
    source: `${advanceSolutionSource}\n${tilesSource}\n${coursesSource}\n${groupSumSource}`,
    read: {
      courses: courseBytes(batch),
      inverse: each,
      direction: each,
      product: each,
    },
    write: { opacity: each, residual: each, parts: batch.blocks * 4 },
    flops: 7,
  });
}

/**
 * The next direction.
 *
 * Bindings: tiles, courses, inverse, residual, direction.
 */
export function turnDirectionKernel(batch: TileBatch): Kernel {
  const each = batch.pixels * 4;
  return tileKernel(batch, {
    label: 'turn-direction',
    source: `${turnDirectionSource}\n${tilesSource}\n${coursesSource}`,
    read: { courses: courseBytes(batch), inverse: each, residual: each },
    write: { direction: each },
    flops: 3,
  });
}

/**
 * Sums parts, each tile's by themselves, and tells how its course goes on. What is done is left alone by
 * the kernels that follow, so that nobody has to ask the device.
 *
 * Bindings: tiles, parts, courses.
 */
export function settleCourseKernel(
  batch: TileBatch,
  stage: (typeof COURSE_STAGES)[number],
  { tolerance }: Pick<ClosedFormRules, 'tolerance'>,
): Kernel {
  return {
    label: `settle-course ${stage}`,
    source: `${settleCourseSource}\n${tilesSource}\n${coursesSource}\n${groupSumSource}`,
    constants: {
      WORKGROUP_SIZE: TILE_GROUP_SIZE,
      STAGE: COURSE_STAGES.indexOf(stage),
      TOLERANCE: tolerance,
    },
    bindings: [
      { name: 'tiles', access: 'read', bytes: batch.table.byteLength },
      { name: 'parts', access: 'read', bytes: batch.blocks * 4 },
      { name: 'courses', access: 'read-write', bytes: courseBytes(batch) },
    ],
    workgroups: [batch.tiles, 1, 1],
    flops: batch.blocks,
  };
}
