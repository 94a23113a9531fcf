import { panBy, type Position, scaleAt, type ScaleLimits, type View } from './view.ts';

/** Two fingers, in CSS pixels of the element. */
export type FingerPair = readonly [Position, Position];

/** The view after two fingers moved: what lay between them stays between them. */
export function pinchView(view: View, from: FingerPair, to: FingerPair, limits: ScaleLimits): View {
  const [start, end] = [middle(from), middle(to)];
  const moved = panBy(view, { x: end.x - start.x, y: end.y - start.y });
  // Fingers that lie on each other have no distance to compare with.
  const spread = Math.max(1, distance(to)) / Math.max(1, distance(from));
  return scaleAt(moved, view.scale * spread, end, limits);
}

function middle([one, other]: FingerPair): Position {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

function distance([one, other]: FingerPair): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
