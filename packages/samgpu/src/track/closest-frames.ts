/**
 * The conditioning frames that a frame looks at: the closest one before it, the closest one at or after
 * it, then whatever is closest (`select_closest_cond_frames` of SAM 2).
 *
 * @param frames - in the order in which they were given, which decides between equally close ones
 * @param most - Infinity for all of them; at least 2 otherwise
 * @returns in order of preference
 */
export function closestFrames(frame: number, frames: readonly number[], most: number): number[] {
  if (frames.length <= most) {
    return [...frames];
  }
  const before = frames.filter((other) => other < frame);
  const after = frames.filter((other) => other >= frame);
  const neighbours = [
    ...(before.length > 0 ? [Math.max(...before)] : []),
    ...(after.length > 0 ? [Math.min(...after)] : []),
  ];
  const rest = frames
    .filter((other) => !neighbours.includes(other))
    .toSorted((a, b) => Math.abs(a - frame) - Math.abs(b - frame));
  return [...neighbours, ...rest].slice(0, most);
}
