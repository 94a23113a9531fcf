import type { Box } from '@samgpu/mask';

import type { Position } from './session-prompt.ts';

/** The smallest box around a path, at least a pixel wide and high. */
export function pathBounds(path: readonly Position[]): Box {
  const xs = path.map(({ x }) => x);
  const ys = path.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.max(...xs) - left),
    height: Math.max(1, Math.max(...ys) - top),
  };
}

/** Points along a path at equal distances, away from its ends. */
export function pointsAlong(path: readonly Position[], count: number): Position[] {
  const lengths = [0];
  for (let i = 1; i < path.length; i++) {
    const [from, to] = [path[i - 1]!, path[i]!];
    lengths.push(lengths[i - 1]! + Math.hypot(to.x - from.x, to.y - from.y));
  }
  const total = lengths.at(-1)!;
  return Array.from({ length: total === 0 ? 1 : count }, (_, i) =>
    pointAt(path, lengths, ((i + 0.5) / count) * total),
  );
}

/** @param lengths - of the path up to each of its points */
function pointAt(path: readonly Position[], lengths: readonly number[], at: number): Position {
  const next = Math.max(
    1,
    lengths.findIndex((length) => length >= at),
  );
  const [from, to] = [path[next - 1]!, path[next] ?? path[next - 1]!];
  const span = (lengths[next] ?? 0) - lengths[next - 1]!;
  const share = span > 0 ? (at - lengths[next - 1]!) / span : 0;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
