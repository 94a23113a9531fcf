import type { View } from './view.ts';

/** Axes that shaders can walk: `axes.wgsl` has six. */
export const MAXIMUM_AXES = 6;

/** Axes that several views of one shape share, from the innermost outwards, merged where possible. */
export interface Axes {
  readonly sizes: readonly number[];
  /** For each view, its strides along `sizes`. */
  readonly strides: readonly (readonly number[])[];
}

/** More axes than shaders walk. */
export class AxesError extends Error {
  override readonly name = 'AxesError';
  readonly code = 'axes';
}

/**
 * Drops axes of size 1 and merges neighbours that every view walks as one, so that dense operands
 * of any rank have a single axis.
 *
 * @param views - all of the same shape
 * @throws AxesError if more than six axes remain
 */
export function mergeAxes(views: readonly View[]): Axes {
  const shape = views[0]!.shape;
  const sizes: number[] = [];
  const strides: number[][] = views.map(() => []);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const outermost = sizes.length - 1;
    const continues =
      outermost >= 0 &&
      views.every(
        (view, index) => view.strides[axis] === strides[index]![outermost]! * sizes[outermost]!,
      );
    if (continues) {
      sizes[outermost]! *= size;
    } else {
      sizes.push(size);
      views.forEach((view, index) => strides[index]!.push(view.strides[axis]!));
    }
  }
  if (sizes.length > MAXIMUM_AXES) {
    throw new AxesError(
      `[${shape.join(', ')}] has ${sizes.length} axes that do not merge, wanted at most ` +
        `${MAXIMUM_AXES}; copy an operand into dense order first`,
    );
  }
  return { sizes, strides };
}

/** Override constants of `axes.wgsl`. */
export function sizeConstants(sizes: readonly number[]): Record<string, number> {
  const constants: Record<string, number> = { AXES: Math.max(1, sizes.length) };
  for (let axis = 0; axis < MAXIMUM_AXES - 1; axis++) constants[`SIZE_${axis}`] = sizes[axis] ?? 1;
  return constants;
}

/** Override constants `NAME_0` to `NAME_5` and `NAME_OFFSET` of one operand. */
export function strideConstants(
  name: string,
  strides: readonly number[],
  offset: number,
): Record<string, number> {
  const constants: Record<string, number> = { [`${name}_OFFSET`]: offset };
  for (let axis = 0; axis < MAXIMUM_AXES; axis++) constants[`${name}_${axis}`] = strides[axis] ?? 0;
  return constants;
}
