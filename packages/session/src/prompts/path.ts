import type { Box } from '@samgpu/mask';

import type { Position } from './session-prompt.ts';

/** The smallest box around positions, at least a pixel wide and high. */
export function boxAround(positions: readonly Position[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of positions) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return {
    x: left,
    y: top,
    width: Math.max(1, right - left),
    height: Math.max(1, bottom - top),
  };
}

/** Positions along a path at equal distances, away from its ends. */
export function pointsAlong(path: readonly Position[], count: number): Position[] {
  const lengths = [0];
  for (let i = 1; i < path.length; i++) {
    const [from, to] = [path[i - 1]!, path[i]!];
    lengths.push(lengths[i - 1]! + Math.hypot(to.x - from.x, to.y - from.y));
  }
  const total = lengths.at(-1)!;
  if (total === 0) return [path[0]!];
  return Array.from({ length: count }, (_, i) => {
    const at = ((i + 0.5) / count) * total;
    const next = Math.max(
      1,
      lengths.findIndex((length) => length >= at),
    );
    const [from, to] = [path[next - 1]!, path[next]!];
    const share = (at - lengths[next - 1]!) / (lengths[next]! - lengths[next - 1]!);
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  });
}
