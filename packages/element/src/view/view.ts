import type { Box, Size } from '@samgpu/mask';

/** A position, in pixels of whatever it is said to be in. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** How a picture lies in an element. */
export interface View {
  /** CSS pixels per pixel of the picture. */
  readonly scale: number;
  /** Where the top left corner of the picture lies, in CSS pixels from that of the element. */
  readonly x: number;
  readonly y: number;
  /** Clockwise, in degrees, around the picture's top left corner. Default 0. */
  readonly rotation?: number;
}

/** Most and least that a view may enlarge, in CSS pixels per pixel of the picture. */
export interface ScaleLimits {
  readonly minimum: number;
  readonly maximum: number;
}

/** `[a, b, c, d, e, f]` as `setTransform` of a canvas takes them. */
export type Matrix = readonly [number, number, number, number, number, number];

/** From pixels of the picture to pixels of the element, or of its canvas with `pixelRatio`. */
export function viewMatrix(view: View, pixelRatio = 1): Matrix {
  const [cosine, sine] = direction(view);
  const scale = view.scale * pixelRatio;
  return [
    scale * cosine,
    scale * sine,
    -scale * sine,
    scale * cosine,
    view.x * pixelRatio,
    view.y * pixelRatio,
  ];
}

/** Where a pixel of the picture is seen in the element. */
export function toElement(view: View, { x, y }: Position): Position {
  const [a, b, c, d, e, f] = viewMatrix(view);
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

/** Which pixel of the picture is seen at a place in the element; it may lie beside the picture. */
export function toImage(view: View, { x, y }: Position): Position {
  const [cosine, sine] = direction(view);
  const [right, down] = [x - view.x, y - view.y];
  return {
    x: (right * cosine + down * sine) / view.scale,
    y: (down * cosine - right * sine) / view.scale,
  };
}

export function panBy(view: View, { x, y }: Position): View {
  return { ...view, x: view.x + x, y: view.y + y };
}

/** Sets the scale; what lies under the anchor, in pixels of the element, stays there. */
export function scaleAt(view: View, scale: number, anchor: Position, limits: ScaleLimits): View {
  const limited = Math.min(limits.maximum, Math.max(limits.minimum, scale));
  const factor = limited / view.scale;
  return {
    ...view,
    scale: limited,
    x: anchor.x + (view.x - anchor.x) * factor,
    y: anchor.y + (view.y - anchor.y) * factor,
  };
}

/** Turns the view; what lies under the anchor stays there. */
export function rotateAt(view: View, degrees: number, anchor: Position): View {
  const fixed = toImage(view, anchor);
  const turned = { ...view, rotation: normalDegrees((view.rotation ?? 0) + degrees) };
  const moved = toElement(turned, fixed);
  return panBy(turned, { x: anchor.x - moved.x, y: anchor.y - moved.y });
}

/** The largest view that shows all of a picture in the middle of an element. */
export function fitView(
  image: Size,
  element: Size,
  { rotation = 0 }: { readonly rotation?: number } = {},
): View {
  const turned = { scale: 1, x: 0, y: 0, rotation };
  const box = boundsInElement(turned, image);
  const width = Math.max(1, element.width);
  const height = Math.max(1, element.height);
  const scale = Math.min(width / box.width, height / box.height);
  return {
    scale,
    x: (element.width - box.width * scale) / 2 - box.x * scale,
    y: (element.height - box.height * scale) / 2 - box.y * scale,
    ...(rotation !== 0 && { rotation }),
  };
}

/** The box around a picture as it is seen, in pixels of the element. */
export function boundsInElement(view: View, image: Size): Box {
  return boundsOf(image, (corner) => toElement(view, corner));
}

/**
 * The box around what an element, or with `pixelRatio` its canvas, shows, in pixels of the picture; it
 * may reach beyond that.
 */
export function boundsInImage(view: View, shown: Size, pixelRatio = 1): Box {
  const pixels = {
    ...view,
    scale: view.scale * pixelRatio,
    x: view.x * pixelRatio,
    y: view.y * pixelRatio,
  };
  return boundsOf(shown, (corner) => toImage(pixels, corner));
}

/** The box around the four corners, wherever they are seen. */
function boundsOf({ width, height }: Size, seen: (corner: Position) => Position): Box {
  const corners = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: 0, y: height },
    { x: width, y: height },
  ].map(seen);
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Moves a view as little as possible so that some of the picture stays in sight. */
export function keepInSight(view: View, image: Size, element: Size): View {
  const box = boundsInElement(view, image);
  return panBy(view, {
    x: shiftIntoSight(box.x, box.width, element.width),
    y: shiftIntoSight(box.y, box.height, element.height),
  });
}

/** How much of the picture stays in sight at least, in CSS pixels or of its side. */
const LEAST_IN_SIGHT = 64;

function shiftIntoSight(start: number, length: number, room: number): number {
  const least = Math.min(LEAST_IN_SIGHT, length / 2, room / 2);
  const [first, last] = [least - length, room - least];
  return Math.min(last, Math.max(first, start)) - start;
}

/** Cosine and sine of a view's rotation, exact for quarter turns. */
function direction({ rotation = 0 }: View): readonly [cosine: number, sine: number] {
  const quarters = rotation / 90;
  if (Number.isInteger(quarters)) {
    const turn = ((quarters % 4) + 4) % 4;
    return [[1, 0, -1, 0][turn]!, [0, 1, 0, -1][turn]!];
  }
  const angle = (rotation * Math.PI) / 180;
  return [Math.cos(angle), Math.sin(angle)];
}

function normalDegrees(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}
