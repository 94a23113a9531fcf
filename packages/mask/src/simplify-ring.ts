import type { Ring, Vertex } from './trace-polygons.ts';

/**
 * Drops vertices of a closed ring whose removal moves the line by at most `tolerance` pixels
 * (Douglas and Peucker, 1973). The ring is cut into two lines at its first vertex and the vertex
 * farthest from that one. At least three vertices remain, so that no piece vanishes.
 */
export function simplifyRing(ring: Ring, tolerance: number): Ring {
  if (tolerance <= 0 || ring.length <= 3) return ring;
  const kept = new Uint8Array(ring.length);
  const farthest = farthestVertex(ring);
  kept[0] = 1;
  kept[farthest] = 1;
  const stack: [from: number, to: number][] = [
    [0, farthest],
    [farthest, ring.length],
  ];
  let fallback = { index: -1, distance: -1 };
  while (stack.length > 0) {
    const [from, to] = stack.pop()!;
    const { index, distance } = farthestFromChord(ring, from, to);
    if (distance > fallback.distance) fallback = { index, distance };
    if (distance <= tolerance) continue;
    kept[index] = 1;
    stack.push([from, index], [index, to]);
  }
  const simplified = ring.filter((_, i) => kept[i] === 1);
  if (simplified.length >= 3) return simplified;
  kept[fallback.index] = 1;
  return ring.filter((_, i) => kept[i] === 1);
}

function farthestVertex(ring: Ring): number {
  const [x0, y0] = ring[0]!;
  let farthest = 0;
  let largest = -1;
  for (const [i, [x, y]] of ring.entries()) {
    const distance = (x - x0) ** 2 + (y - y0) ** 2;
    if (distance > largest) [farthest, largest] = [i, distance];
  }
  return farthest;
}

/** The vertex strictly between two others that is farthest from the segment between those. */
function farthestFromChord(
  ring: Ring,
  from: number,
  to: number,
): { index: number; distance: number } {
  const start = ring[from]!;
  const end = ring[to % ring.length]!;
  let index = -1;
  let distance = -1;
  for (let i = from + 1; i < to; i++) {
    const candidate = distanceToSegment(ring[i]!, start, end);
    if (candidate > distance) [index, distance] = [i, candidate];
  }
  return { index, distance };
}

function distanceToSegment([x, y]: Vertex, [x0, y0]: Vertex, [x1, y1]: Vertex): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}
