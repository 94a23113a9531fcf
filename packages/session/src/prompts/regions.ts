import {
  type Bitmap,
  createBitmap,
  distanceTransform,
  growMask,
  Mask,
  rasterizePolygons,
  shrinkMask,
  type Size,
} from '@samgpu/mask';

import { boxAround, pointsAlong } from './path.ts';
import type { Position } from './session-prompt.ts';

/** Hands keep this far from what they go around, as a share of the region's size. */
const SLACK = 0.03;

/** Half the width of a stroke, as a share of the picture's longer side. */
const STROKE = 0.01;

/** Sides of the small picture in which the middle of a region is looked for. */
const SMALL = 128;

type Vertex = [number, number];

/** What a closed path goes around, less the distance that hands keep from an object. */
export function lassoRegion(path: readonly Position[], { width, height }: Size): Mask {
  const outer = path.map(({ x, y }): Vertex => [x, y]);
  const region = Mask.fromBitmap(rasterizePolygons([{ outer, holes: [] }], width, height));
  const shrunk = shrinkMask(region, SLACK * Math.sqrt(region.area));
  return shrunk.area > 0 ? shrunk : region;
}

/** What a pen goes over. */
export function strokeRegion(path: readonly Position[], { width, height }: Size): Mask {
  const line = createBitmap(width, height);
  const mark = ({ x, y }: Position): void => {
    const column = Math.min(width - 1, Math.floor(x));
    line.data[Math.min(height - 1, Math.floor(y)) * width + column] = 1;
  };
  path.forEach((to, i) => {
    const from = path[i - 1] ?? to;
    const steps = Math.ceil(2 * Math.hypot(to.x - from.x, to.y - from.y));
    if (steps > 0) pointsAlong([from, to], steps).forEach(mark);
    mark(to);
  });
  return growMask(line, Math.max(1, STROKE * Math.max(width, height)));
}

/** The middle of the thickest part of what a closed path goes around. */
export function middleOf(path: readonly Position[]): Position {
  const box = boxAround(path);
  const scale = SMALL / Math.max(box.width, box.height);
  const outer = path.map(({ x, y }): Vertex => [(x - box.x) * scale + 1, (y - box.y) * scale + 1]);
  // A pixel of outside all around, so that the edge of the small picture counts as an edge.
  const small = rasterizePolygons([{ outer, holes: [] }], SMALL + 2, SMALL + 2);
  const { x, y } = deepest(small);
  return { x: box.x + (x - 1) / scale, y: box.y + (y - 1) / scale };
}

/** Centre of the pixel furthest from the outside; the middle of an empty picture. */
function deepest(region: Bitmap): Position {
  const distances = distanceTransform(region, { signed: true });
  let best = Math.floor(distances.length / 2);
  for (let i = 0; i < distances.length; i++) if (distances[i]! < distances[best]!) best = i;
  const { width } = region;
  return { x: (best % width) + 0.5, y: Math.floor(best / width) + 0.5 };
}
