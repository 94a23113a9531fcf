import { type Axes, mergeAxes } from './axes.ts';
import type { View } from './view.ts';

/** Views prepared for a shader that computes one or four neighbouring elements at a time. */
export interface Lanes extends Axes {
  /** Elements that one step computes. The innermost size counts steps. */
  readonly lanes: 1 | 4;
  /** For each view, elements per read: 1 where an element is shared by all lanes. */
  readonly widths: readonly (1 | 4)[];
  /** For each view, its offset in units of its width; so are its strides. */
  readonly offsets: readonly number[];
  /** Steps in all. */
  readonly steps: number;
}

/**
 * Merges axes, and groups elements by four where every view has its neighbours either side by side
 * and aligned, or all the same.
 *
 * @param views - all of the same shape
 * @throws AxesError if more than six axes remain
 */
export function groupLanes(views: readonly View[]): Lanes {
  const { sizes, strides } = mergeAxes(views);
  const inner = sizes[0] ?? 1;
  const widths = views.map(({ offset }, index): 1 | 4 | undefined => {
    const [step = 1, ...outer] = strides[index]!;
    if (step === 0) return 1;
    return step === 1 && [offset, ...outer].every((distance) => distance % 4 === 0) ? 4 : undefined;
  });
  const count = sizes.reduce((product, size) => product * size, 1);
  if (inner % 4 !== 0 || widths.includes(undefined)) {
    return {
      sizes,
      strides,
      lanes: 1,
      widths: views.map(() => 1),
      offsets: views.map(({ offset }) => offset),
      steps: count,
    };
  }
  const wide = widths as (1 | 4)[];
  return {
    sizes: [inner / 4, ...sizes.slice(1)],
    strides: strides.map(([step = 0, ...outer], index) => [
      step,
      ...outer.map((distance) => distance / wide[index]!),
    ]),
    lanes: 4,
    widths: wide,
    offsets: views.map(({ offset }, index) => offset / wide[index]!),
    steps: count / 4,
  };
}

/** How WGSL spells one or four elements of a type. */
export function laneType(element: 'f32' | 'i32', width: 1 | 4): string {
  return width === 1 ? element : `vec4<${element}>`;
}
