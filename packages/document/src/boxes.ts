import type { Box, Size } from '@samgpu/mask';

/** The whole of a picture. */
export function wholeBox({ width, height }: Size): Box {
  return { x: 0, y: 0, width, height };
}

/** The smallest box around both; an empty one adds nothing. */
export function joinBoxes(a: Box, b: Box): Box {
  if (a.width === 0 || a.height === 0) return b;
  if (b.width === 0 || b.height === 0) return a;
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const width = Math.max(a.x + a.width, b.x + b.width) - x;
  const height = Math.max(a.y + a.height, b.y + b.height) - y;
  return { x, y, width, height };
}

/** What both cover; of no size where that is nothing. */
export function intersectBoxes(a: Box, b: Box): Box {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}

/** A box with some room around it, within the picture. An empty one stays as it is. */
export function growBox(box: Box, margin: number, image: Size): Box {
  if (box.width === 0 || box.height === 0) return box;
  const { x, y, width, height } = box;
  const grown = {
    x: x - margin,
    y: y - margin,
    width: width + 2 * margin,
    height: height + 2 * margin,
  };
  return intersectBoxes(grown, wholeBox(image));
}
