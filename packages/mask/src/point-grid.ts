import { MaskError } from './mask-error.ts';

/** A point in a picture of any size: 0 to 1 from left to right and from top to bottom. */
export interface RelativePoint {
  readonly x: number;
  readonly y: number;
}

/**
 * Points spaced evenly over a picture, row by row, half a step away from its edges
 * (`build_point_grid` of segment-anything).
 *
 * @param pointsPerSide - a whole number from 1 on
 * @throws {@link MaskError} `invalid-option`
 */
export function pointGrid(pointsPerSide: number): RelativePoint[] {
  if (!Number.isInteger(pointsPerSide) || pointsPerSide < 1 || pointsPerSide > 4096) {
    throw new MaskError(
      'invalid-option',
      `${pointsPerSide} points per side: wanted a whole number from 1 to 4096. ` +
        'With a downscaling per layer, every layer must keep at least one point.',
    );
  }
  const side = evenlySpaced(pointsPerSide);
  return side.flatMap((y) => side.map((x) => ({ x, y })));
}

/**
 * A grid for each layer of crops; layer n has `pointsPerSide / downscale^n` points per side, rounded
 * down (`build_all_layer_point_grids` of segment-anything).
 *
 * @param layers - beyond the whole picture
 * @throws {@link MaskError} `invalid-option`
 */
export function pointGrids(
  pointsPerSide: number,
  layers: number,
  downscale: number,
): RelativePoint[][] {
  return Array.from({ length: layers + 1 }, (_, layer) =>
    pointGrid(Math.trunc(pointsPerSide / downscale ** layer)),
  );
}

/** As NumPy's `linspace` computes them, to the last bit. */
function evenlySpaced(count: number): number[] {
  const offset = 1 / (2 * count);
  const [first, last] = [offset, 1 - offset];
  const step = (last - first) / (count - 1);
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return first;
    return i === count - 1 ? last : i * step + first;
  });
}
