// What the shaders of outlines compute, in float64.
import type {
  MaskCoverageOptions,
  OutlineDrawingOptions,
  StraightColor,
} from './outline-drawing.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** @returns [target.height, target.width], 0 to 1 */
export function maskCoverageReference(
  mask: Uint8Array, // [height, width]
  target: Size,
  { width, height, matrix, squaresFrom = 4 }: MaskCoverageOptions,
): Float64Array {
  const [a, b, c, d, e, f] = matrix;
  const determinant = a * d - b * c;
  const scale = Math.sqrt(Math.abs(determinant));
  const side = scale >= squaresFrom ? 1 / scale : Math.max(1.5 / scale, 2);
  const result = new Float64Array(target.width * target.height);
  for (let row = 0; row < target.height; row++) {
    for (let column = 0; column < target.width; column++) {
      const [right, down] = [column + 0.5 - e, row + 0.5 - f];
      const x = (d * right - c * down) / determinant;
      const y = (a * down - b * right) / determinant;
      let sum = 0;
      for (let v = Math.floor(y - side / 2); v <= Math.floor(y + side / 2); v++) {
        for (let u = Math.floor(x - side / 2); u <= Math.floor(x + side / 2); u++) {
          if (u < 0 || v < 0 || u >= width || v >= height) continue;
          const across = Math.min(x + side / 2, u + 1) - Math.max(x - side / 2, u);
          const tall = Math.min(y + side / 2, v + 1) - Math.max(y - side / 2, v);
          sum += across * tall * mask[v * width + u]!;
        }
      }
      const covered = 0.5 + (sum / side ** 2 - 0.5) * side * scale;
      result[row * target.width + column] = Math.min(1, Math.max(0, covered));
    }
  }
  return result;
}

/** @returns [height, width, 4], premultiplied, 0 to 1 */
export function outlineReference(
  coverage: ArrayLike<number>, // [height + 2 margin, width + 2 margin]
  { width, height, tint, line, opacity = 1, margin = 0 }: OutlineDrawingOptions,
): Float64Array {
  const at = (column: number, row: number): number => {
    const x = Math.min(width + margin - 1, Math.max(-margin, column));
    const y = Math.min(height + margin - 1, Math.max(-margin, row));
    return coverage[(y + margin) * (width + 2 * margin) + x + margin]!;
  };
  const covered = (x: number, y: number): number => {
    const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
    const [across, down] = [x - 0.5 - left, y - 0.5 - top];
    const upper = at(left, top) * (1 - across) + at(left + 1, top) * across;
    const lower = at(left, top + 1) * (1 - across) + at(left + 1, top + 1) * across;
    return upper * (1 - down) + lower * down;
  };
  const directions = Array.from({ length: 16 }, (_, i) => {
    const angle = (i * Math.PI) / 8;
    return [Math.cos(angle), Math.sin(angle)] as const;
  });
  const around = (x: number, y: number, radius: number): number[] =>
    directions.map(([dx, dy]) => covered(x + dx * radius, y + dy * radius));
  const result = new Float64Array(width * height * 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [x, y] = [column + 0.5, row + 0.5];
      const here = covered(x, y);
      const ring = (radius: number): number => {
        const levels = [here, ...around(x, y, radius)];
        const sharp = (level: number): number =>
          Math.min(1, Math.max(0, (level - 0.5) * 1.6 + 0.5));
        return sharp(Math.max(...levels)) - sharp(Math.min(...levels));
      };
      let color = over(tint, here, [0, 0, 0, 0]);
      if (line !== undefined) {
        const outer = line.width / 2 + line.haloWidth;
        color = over(line.haloColor, ring(outer), color);
        let stroke = line.color;
        if (line.dashes !== undefined) {
          let [inX, inY] = [0, 0];
          for (const [i, level] of around(x, y, outer + 1).entries()) {
            inX += level * directions[i]![0];
            inY += level * directions[i]![1];
          }
          const angle = (Math.round(Math.atan2(-inX, inY) / (Math.PI / 4)) * Math.PI) / 4;
          const distance = x * Math.cos(angle) + y * Math.sin(angle) - line.dashes.phase;
          const share = dash(distance, line.dashes.length);
          const { gapColor } = line.dashes;
          stroke = line.color.map(
            (value, i) => gapColor[i]! * (1 - share) + value * share,
          ) as unknown as StraightColor;
        }
        color = over(stroke, ring(line.width / 2), color);
      }
      result.set(
        color.map((value) => value * opacity),
        (row * width + column) * 4,
      );
    }
  }
  return result;
}

function dash(distance: number, length: number): number {
  const at = distance - Math.floor(distance / (2 * length)) * 2 * length;
  const inside = at < length ? Math.min(at, length - at) : -Math.min(at - length, 2 * length - at);
  return Math.min(1, Math.max(0, inside + 0.5));
}

function over(color: StraightColor, share: number, below: readonly number[]): number[] {
  const alpha = color[3] * share;
  return below.map((value, i) => (i === 3 ? 1 : color[i]!) * alpha + value * (1 - alpha));
}
