import type { EstimateOptions } from './estimate.ts';
import type { ClosedFormRules, EstimateRules, LevelRules, SeparationRules } from './matte-rules.ts';
import type { MatteTile } from './matte-tiles.ts';
import { CELL_MOMENTS, type SampledCells, type SeparationWindow } from './separation.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Solves three equations by Cramer's rule. @param matrix - symmetric: rr, rg, rb, gg, gb, bb */
function solve(matrix: readonly number[], right: readonly number[]): [number, number, number] {
  const [rr, rg, rb, gg, gb, bb] = matrix as [number, number, number, number, number, number];
  const c = [
    [gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg],
    [rb * gb - rg * bb, rr * bb - rb * rb, rg * rb - rr * gb],
    [rg * gb - rb * gg, rg * rb - rr * gb, rr * gg - rg * rg],
  ] as const;
  const determinant = rr * c[0][0] + rg * c[0][1] + rb * c[0][2];
  const row = (k: number): number =>
    (c[k]![0] * right[0]! + c[k]![1] * right[1]! + c[k]![2] * right[2]!) / determinant;
  return [row(0), row(1), row(2)];
}

/** Moments of one cell, colours from the middle of their range. */
function momentsOf(
  { colors, labels, distance, seen }: SampledCells,
  cell: number,
  trusted: number,
  leastWeight: number,
): number[] {
  if (seen[cell] === 0) return Array<number>(CELL_MOMENTS).fill(0);
  const weight = Math.max(leastWeight, Math.min(1, distance[cell]! / trusted) ** 2);
  const [r, g, b] = [0, 1, 2].map((k) => colors[cell * 3 + k]! - 0.5) as [number, number, number];
  const label = labels[cell]!;
  const values = [1, label, r, g, b, label * r, label * g, label * b, r * r, g * g, b * b];
  return [...values, r * g, r * b, g * b].map((value) => value * weight);
}

/** `[CELL_MOMENTS, height, width]`: sums over `acrossRadius` and `downRadius` cells to both sides. */
export function momentsReference(
  cells: SampledCells,
  trusted: number,
  leastWeight: number,
  acrossRadius: number,
  downRadius: number,
): Float64Array {
  const { width, height } = cells;
  const sums = new Float64Array(CELL_MOMENTS * width * height);
  const each = Array.from({ length: width * height }, (_, cell) =>
    momentsOf(cells, cell, trusted, leastWeight),
  );
  for (let cell = 0; cell < width * height; cell++) {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    for (
      let row = Math.max(0, y - downRadius);
      row <= Math.min(height - 1, y + downRadius);
      row++
    ) {
      const last = Math.min(width - 1, x + acrossRadius);
      for (let column = Math.max(0, x - acrossRadius); column <= last; column++) {
        each[row * width + column]!.forEach((value, k) => {
          sums[k * width * height + cell]! += value;
        });
      }
    }
  }
  return sums;
}

/** `[height, width, 6]`: lines of all windows, times their weight, and the weight. */
export function separationReference(
  cells: SampledCells,
  windows: readonly SeparationWindow[],
  reach: number,
  rules: SeparationRules,
): Float64Array {
  const { width, height } = cells;
  const sums = new Float64Array(width * height * 6);
  for (const { radius, trusted } of windows) {
    const moments = momentsReference(cells, trusted, rules.leastWeight, radius, radius);
    for (let cell = 0; cell < width * height; cell++) {
      if (cells.seen[cell] === 0 || cells.distance[cell]! > reach) continue;
      const of = (k: number): number => moments[k * width * height + cell]!;
      const [count, share] = [of(0), of(1) / of(0)];
      const total = share * (1 - share);
      if (!(count > 0 && total > 1e-6)) continue;
      const mean = [2, 3, 4].map((k) => of(k) / count);
      const both = [0, 1, 2].map((k) => of(5 + k) / count - share * mean[k]!);
      const spreadOf = (k: number, a: number, b: number): number =>
        of(k) / count - mean[a]! * mean[b]! + (a === b ? rules.regularization : 0);
      const matrix = [
        spreadOf(8, 0, 0),
        spreadOf(11, 0, 1),
        spreadOf(12, 0, 2),
        spreadOf(9, 1, 1),
        spreadOf(13, 1, 2),
        spreadOf(10, 2, 2),
      ];
      const slope = solve(matrix, both);
      const dot = slope.reduce((sum, value, k) => sum + value * both[k]!, 0);
      const explained = Math.min(1, dot / total);
      if (!(explained > 0)) continue;
      const spread = (total * (1 - explained)) / explained;
      const variance = spread * (1 + rules.fewSamples / (count * total)) + rules.leastVariance;
      if (variance > rules.mostVariance) continue;
      const line = slope.map((value) => value / explained);
      const offset = line.reduce((rest, value, k) => rest - value * (mean[k]! + 0.5), share);
      [...line, offset, variance, 1].forEach((value, k) => {
        sums[cell * 6 + k]! += value / variance ** 2;
      });
    }
  }
  return sums;
}

/** `[height, width, 6]`: averaged lines and the distance. */
export function smoothReference(
  cells: SampledCells,
  sums: ArrayLike<number>,
  radius: number,
  rules: SeparationRules,
): Float64Array {
  const { width, height, distance } = cells;
  const lines = new Float64Array(width * height * 6);
  for (let cell = 0; cell < width * height; cell++) {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    const mean = Array<number>(6).fill(0);
    for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
      for (
        let column = Math.max(0, x - radius);
        column <= Math.min(width - 1, x + radius);
        column++
      ) {
        for (let k = 0; k < 6; k++) {
          mean[k]! += sums[(row * width + column) * 6 + k]! / (2 * radius + 1) ** 2;
        }
      }
    }
    const isKnown = mean[5]! > rules.leastCertainty;
    const line = isKnown
      ? mean.slice(0, 5).map((value) => value / mean[5]!)
      : [0, 0, 0, 0.5, rules.unknownVariance];
    lines.set([...line, distance[cell]!], cell * 6);
  }
  return lines;
}

/** Opacity and certainty of the pixels of one tile. */
export function estimateReference(
  tile: MatteTile,
  pixels: Uint32Array,
  lines: ArrayLike<number>,
  { grid, outside, inside, settles, ...picture }: EstimateOptions,
  rules: EstimateRules,
): { readonly opacity: Float64Array; readonly certainty: Float64Array } {
  const opacity = new Float64Array(tile.width * tile.height);
  const certainty = new Float64Array(opacity.length);
  const along = (pixel: number, first: number, cells: number): [number, number, number] => {
    const middle = Math.floor(grid.side / 2);
    const place = Math.min(cells - 1, Math.max(0, (pixel - middle) / grid.side - first));
    const before = Math.floor(place);
    return [before, Math.min(cells - 1, before + 1), place - before];
  };
  for (let i = 0; i < opacity.length; i++) {
    const [column, row] = [i % tile.width, Math.floor(i / tile.width)];
    const [x, y] = [tile.left + column, tile.top + row];
    if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) continue;
    const [left, right, across] = along(x, grid.left, grid.width);
    const [above, below, down] = along(y, grid.top, grid.height);
    const field = (k: number): number => {
      const at = (line: number, cell: number): number => lines[(line * grid.width + cell) * 6 + k]!;
      const first = at(above, left) * (1 - down) + at(below, left) * down;
      const second = at(above, right) * (1 - down) + at(below, right) * down;
      return first * (1 - across) + second * across;
    };
    const pixel = pixels[i]!;
    const label = (pixel >>> 24) & 1;
    const near = Math.max(0, 1 - field(5) / (label === 1 ? inside : outside));
    const ofMask = (rules.doubtOnOutline * near + rules.leastDoubt) ** -2;
    let byColor = field(3);
    for (let k = 0; k < 3; k++) byColor += (field(k) * ((pixel >>> (8 * k)) & 255)) / 255;
    const ofColor = 1 / field(4);
    const sure = ofColor + ofMask;
    const value = (Math.min(1.2, Math.max(-0.2, byColor)) * ofColor + label * ofMask) / sure;
    opacity[i] = value;
    certainty[i] = sure;
    if (!settles) continue;
    const isRim = column < 2 || row < 2 || column >= tile.width - 2 || row >= tile.height - 2;
    if (isRim) {
      certainty[i] = 0;
      continue;
    }
    opacity[i] = Math.min(1, Math.max(0, value));
    const isNear = value < rules.settled || value > 1 - rules.settled;
    if (isNear && sure > rules.settledCertainty) {
      opacity[i] = value < 0.5 ? 0 : 1;
      certainty[i] = 0;
    }
  }
  return { opacity, certainty };
}

/** The matting Laplacian of one tile as a matrix, with what pulls on its diagonal. */
export function laplacianReference(
  tile: MatteTile,
  picture: Size,
  pixels: Uint32Array,
  certainty: ArrayLike<number>,
  { regularization, pull }: Pick<ClosedFormRules, 'regularization' | 'pull'>,
): Map<number, number>[] {
  const { left, top, width, height } = tile;
  const rows = Array.from({ length: width * height }, () => new Map<number, number>());
  const add = (row: number, column: number, value: number): void => {
    if (certainty[row]! > 0) rows[row]!.set(column, (rows[row]!.get(column) ?? 0) + value);
  };
  for (let i = 0; i < rows.length; i++) {
    add(i, i, pull * certainty[i]!);
    const [x, y] = [i % width, Math.floor(i / width)];
    const isInside = x > 0 && y > 0 && x + 1 < width && y + 1 < height;
    const isOfPicture =
      left + x > 0 && top + y > 0 && left + x + 1 < picture.width && top + y + 1 < picture.height;
    if (!isInside || !isOfPicture) continue;
    const members = Array.from(
      { length: 9 },
      (_, k) => i + (Math.floor(k / 3) - 1) * width + (k % 3) - 1,
    );
    const colors = members.map((member) =>
      [0, 8, 16].map((shift) => ((pixels[member]! >>> shift) & 255) / 255),
    );
    const mean = [0, 1, 2].map((k) => colors.reduce((sum, color) => sum + color[k]! / 9, 0));
    const apart = colors.map((color) => color.map((value, k) => value - mean[k]!));
    const spread = (a: number, b: number): number =>
      apart.reduce((sum, color) => sum + (color[a]! * color[b]!) / 9, a === b ? regularization : 0);
    const matrix = [
      spread(0, 0),
      spread(0, 1),
      spread(0, 2),
      spread(1, 1),
      spread(1, 2),
      spread(2, 2),
    ];
    members.forEach((row, p) => {
      const solved = solve(matrix, apart[p]!);
      members.forEach((column, q) => {
        const affinity = 1 + solved.reduce((sum, value, k) => sum + value * apart[q]![k]!, 0);
        add(row, column, (row === column ? 1 : 0) - affinity / 9);
      });
    });
  }
  return rows;
}

/** A matrix times values. */
export function productReference(
  rows: readonly ReadonlyMap<number, number>[],
  values: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(rows, (row) => {
    let sum = 0;
    for (const [column, value] of row) sum += value * values[column]!;
    return sum;
  });
}

/**
 * Solves for the opacities whose certainty is not 0, by so many steps of conjugate gradients.
 *
 * @param matrix - of `laplacianReference`
 */
export function solutionReference(
  matrix: readonly ReadonlyMap<number, number>[],
  opacity: ArrayLike<number>,
  certainty: ArrayLike<number>,
  { pull, iterations, tolerance }: ClosedFormRules,
): Float64Array {
  const values = Float64Array.from(opacity);
  const inverse = Float64Array.from(matrix, (row, i) => (certainty[i]! > 0 ? 1 / row.get(i)! : 0));
  const residual = productReference(matrix, values).map((product, i) =>
    certainty[i]! > 0 ? pull * certainty[i]! * values[i]! - product : 0,
  );
  const direction = residual.map((value, i) => inverse[i]! * value);
  const weigh = (): number =>
    residual.reduce((sum, value, i) => sum + value * value * inverse[i]!, 0);
  let rho = weigh();
  const enough = rho * tolerance ** 2;
  for (let step = 0; step < iterations && rho > enough && rho > 1e-20; step++) {
    const product = productReference(matrix, direction);
    const along = rho / direction.reduce((sum, value, i) => sum + value * product[i]!, 0);
    for (let i = 0; i < values.length; i++) {
      values[i]! += along * direction[i]!;
      residual[i]! -= along * product[i]!;
    }
    const next = weigh();
    for (let i = 0; i < values.length; i++) {
      direction[i] = inverse[i]! * residual[i]! + (next / rho) * direction[i]!;
    }
    rho = next;
  }
  return values;
}

/** A level in float64, not yet rounded. */
export function levelReference(
  opacity: number,
  certainty: number,
  { haze, hazeDeviations, mostHaze }: LevelRules,
): number {
  const doubt = certainty > 0 ? hazeDeviations / Math.sqrt(certainty) : 0;
  const taken = Math.min(mostHaze, haze + doubt);
  return 255 * Math.min(1, Math.max(0, (opacity - taken) / (1 - 2 * taken)));
}
