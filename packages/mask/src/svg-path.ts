import type { Polygon, Ring } from './trace-polygons.ts';

/**
 * The `d` attribute of an SVG path, in pixels of the image: set `viewBox` to `0 0 width height`.
 * Holes run against their outlines, so both fill rules draw the same.
 */
export function toSvgPath(polygons: readonly Polygon[]): string {
  return polygons
    .flatMap(({ outer, holes }) => [outer, ...holes])
    .map(ringPath)
    .join('');
}

function ringPath(ring: Ring): string {
  let path = '';
  let [beforeX, beforeY] = ['', ''];
  for (const [i, vertex] of ring.entries()) {
    const [x, y] = [format(vertex[0]), format(vertex[1])];
    if (i === 0) path += `M${x} ${y}`;
    else if (y === beforeY) path += `H${x}`;
    else if (x === beforeX) path += `V${y}`;
    else path += `L${x} ${y}`;
    [beforeX, beforeY] = [x, y];
  }
  return ring.length === 0 ? '' : `${path}Z`;
}

/** Thousandths of a pixel are finer than any screen. */
function format(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
