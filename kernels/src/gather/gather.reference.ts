/** The definition: rows of `width`, indices outside clamped. */
export function gatherReference(
  table: ArrayLike<number>,
  width: number,
  indices: ArrayLike<number>,
): number[] {
  const last = table.length / width - 1;
  return Array.from(indices).flatMap((index) => {
    const row = Math.min(Math.max(index, 0), last);
    return Array.from({ length: width }, (_, column) => table[row * width + column]!);
  });
}
