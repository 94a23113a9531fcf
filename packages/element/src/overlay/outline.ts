import { type Bitmap, type Ring, simplifyRing, tracePolygons, type Vertex } from '@samgpu/mask';

/** Where outlines go: what `Path2D` and canvases share. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(controlX: number, controlY: number, x: number, y: number): void;
  closePath(): void;
}

/** How outlines lie in the picture, and how they look. */
export interface OutlineOptions {
  /** Of the bitmap's top left corner, in pixels of the picture. */
  readonly x: number;
  readonly y: number;
  /** Pixels of the picture per pixel of the bitmap. */
  readonly side: number;
  /** Whether the stairs of pixels are made into curves, or shown as they are. */
  readonly smooth: boolean;
}

/** How far, in pixels of the bitmap, a smooth line may stray from the pixel edges' middles. */
const TOLERANCE = 0.4;

/** How far from a corner of a smooth line its curve begins, in pixels of the bitmap. */
const ROUNDING = 2.5;

/** Traces the outlines of a bitmap, holes included; fill them by the even-odd rule. */
export function traceOutline(bitmap: Bitmap, sink: PathSink, options: OutlineOptions): void {
  for (const { outer, holes } of tracePolygons(bitmap)) {
    for (const ring of [outer, ...holes]) {
      if (options.smooth) addCurves(simplifyRing(cutCorners(ring), TOLERANCE), sink, options);
      else addLines(ring, sink, options);
    }
  }
}

/** The ring through the middles of its first and last unit sides, as marching squares draws it. */
function cutCorners(ring: Ring): Ring {
  const cut: Vertex[] = [];
  for (const [i, [x, y]] of ring.entries()) {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    const [across, down] = [Math.sign(nextX - x) / 2, Math.sign(nextY - y) / 2];
    cut.push([x + across, y + down]);
    if (Math.abs(nextX - x) + Math.abs(nextY - y) > 1) cut.push([nextX - across, nextY - down]);
  }
  return cut;
}

function addLines(ring: Ring, sink: PathSink, { x, y, side }: OutlineOptions): void {
  for (const [i, [column, row]] of ring.entries()) {
    if (i === 0) sink.moveTo(x + column * side, y + row * side);
    else sink.lineTo(x + column * side, y + row * side);
  }
  sink.closePath();
}

/** Rounds each corner by a parabola between points on the lines to both sides of it. */
function addCurves(ring: Ring, sink: PathSink, { x, y, side }: OutlineOptions): void {
  const place = ([column, row]: Vertex): Vertex => [x + column * side, y + row * side];
  for (const [i, corner] of ring.entries()) {
    const before = ring[(i + ring.length - 1) % ring.length]!;
    const after = ring[(i + 1) % ring.length]!;
    const from = place(towards(corner, before));
    const to = place(towards(corner, after));
    if (i === 0) sink.moveTo(...from);
    else sink.lineTo(...from);
    sink.quadraticCurveTo(...place(corner), ...to);
  }
  sink.closePath();
}

/** Where the curve around a corner meets one of its lines: half way at most. */
function towards([x, y]: Vertex, [otherX, otherY]: Vertex): Vertex {
  const length = Math.hypot(otherX - x, otherY - y);
  const share = length === 0 ? 0 : Math.min(0.5, ROUNDING / length);
  return [x + (otherX - x) * share, y + (otherY - y) * share];
}
