/** Takes samples out of the bytes of a row, high bits first. */
export function unpackSamples(
  row: Uint8Array,
  depth: number,
  into: Uint8Array | Uint16Array,
): void {
  if (depth === 8) {
    into.set(row);
    return;
  }
  if (depth === 16) {
    for (let i = 0; i < into.length; i++) into[i] = row[2 * i]! * 256 + row[2 * i + 1]!;
    return;
  }
  const perByte = 8 / depth;
  const largest = 2 ** depth - 1;
  for (let i = 0; i < into.length; i++) {
    const shift = 8 - depth * ((i % perByte) + 1);
    into[i] = (row[Math.floor(i / perByte)]! >> shift) & largest;
  }
}
