import type { Vertex } from '@samgpu/mask';

/** Pixels along a curve between two corners of the line that stands for it. */
const stepLength = 2;
const mostSteps = 512;

function stepsFor(length: number, scale: number): number {
  const steps = Math.ceil((length * scale) / stepLength);
  return Math.min(mostSteps, Math.max(4, Number.isFinite(steps) ? steps : mostSteps));
}

/** @param points - two control points and the end */
export function cubicPoints(
  [x0, y0]: Vertex,
  [x1, y1, x2, y2, x3, y3]: readonly [number, number, number, number, number, number],
  scale: number,
): Vertex[] {
  const length =
    Math.hypot(x1 - x0, y1 - y0) + Math.hypot(x2 - x1, y2 - y1) + Math.hypot(x3 - x2, y3 - y2);
  const steps = stepsFor(length, scale);
  return Array.from({ length: steps }, (_, i) => {
    const t = (i + 1) / steps;
    const u = 1 - t;
    const [a, b, c, d] = [u ** 3, 3 * u * u * t, 3 * u * t * t, t ** 3];
    return i + 1 === steps
      ? [x3, y3]
      : [a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3];
  });
}

/** @param points - the control point and the end */
export function quadraticPoints(
  [x0, y0]: Vertex,
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  scale: number,
): Vertex[] {
  const third = (from: number, to: number): number => from + (2 / 3) * (to - from);
  const controls = [third(x0, x1), third(y0, y1), third(x2, x1), third(y2, y1)] as const;
  return cubicPoints([x0, y0], [...controls, x2, y2], scale);
}

/** An elliptical arc by its ends. */
export interface Arc {
  readonly radiusX: number;
  readonly radiusY: number;
  /** Of the ellipse, in degrees. */
  readonly rotation: number;
  readonly isLarge: boolean;
  readonly isSweep: boolean;
}

/** Follows SVG 2, appendix B.2.4: from ends to centre, radii enlarged where they do not reach. */
export function arcPoints(
  [x0, y0]: Vertex,
  { radiusX, radiusY, rotation, isLarge, isSweep }: Arc,
  [x1, y1]: Vertex,
  scale: number,
): Vertex[] {
  let [rx, ry] = [Math.abs(radiusX), Math.abs(radiusY)];
  if (rx === 0 || ry === 0 || (x0 === x1 && y0 === y1)) return [[x1, y1]];
  const angle = (rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [halfX, halfY] = [(x0 - x1) / 2, (y0 - y1) / 2];
  const [px, py] = [cos * halfX + sin * halfY, cos * halfY - sin * halfX];
  const reach = (px / rx) ** 2 + (py / ry) ** 2;
  if (reach > 1) [rx, ry] = [rx * Math.sqrt(reach), ry * Math.sqrt(reach)];
  const below = (rx * py) ** 2 + (ry * px) ** 2;
  const side = isLarge === isSweep ? -1 : 1;
  const factor = side * Math.sqrt(Math.max(0, ((rx * ry) ** 2 - below) / below));
  const [qx, qy] = [(factor * rx * py) / ry, (-factor * ry * px) / rx];
  const [centerX, centerY] = [
    cos * qx - sin * qy + (x0 + x1) / 2,
    sin * qx + cos * qy + (y0 + y1) / 2,
  ];
  const start = Math.atan2((py - qy) / ry, (px - qx) / rx);
  let sweep = Math.atan2((-py - qy) / ry, (-px - qx) / rx) - start;
  if (isSweep && sweep < 0) sweep += 2 * Math.PI;
  if (!isSweep && sweep > 0) sweep -= 2 * Math.PI;
  const steps = stepsFor(Math.abs(sweep) * Math.max(rx, ry), scale);
  return Array.from({ length: steps }, (_, i) => {
    if (i + 1 === steps) return [x1, y1];
    const at = start + (sweep * (i + 1)) / steps;
    const [ex, ey] = [rx * Math.cos(at), ry * Math.sin(at)];
    return [centerX + cos * ex - sin * ey, centerY + sin * ex + cos * ey];
  });
}
