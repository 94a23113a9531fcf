/** From here on, up to infinity, a number is nearer to 2^16 than to 65504, the largest that float16 has. */
const OVERFLOW = 65520;

/**
 * The bits of the nearest float16 of each number; ties go to the even one, and what is too large becomes infinity, as
 * IEEE 754 has it.
 */
export function toFloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) {
    halves[i] = float16BitsOfFloat32(words[i]!);
  }
  return halves;
}

/** A finite number that float16 cannot hold, if there is one. */
export function firstOverflow(values: Float32Array): number | undefined {
  return values.find((value) => Math.abs(value) >= OVERFLOW && Number.isFinite(value));
}

function float16BitsOfFloat32(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x7f800000) {
    // A NaN stays one, even where the upper bits of its payload are 0.
    const payload = magnitude & 0x7fffff;
    return sign | 0x7c00 | (payload >>> 13) | (payload === 0 ? 0 : 0x200);
  }
  const exponent = (magnitude >>> 23) - 127 + 15;
  if (exponent >= 1) {
    // A carry out of the fraction goes into the exponent, which is right, up to infinity.
    const rounded = roundedShift(magnitude & 0x7fffff, 13) + (exponent << 10);
    return sign | Math.min(rounded, 0x7c00);
  }
  // Subnormal in float16: the implied one comes down to where it stands.
  const shift = 14 - exponent;
  return shift > 24 ? sign : sign | roundedShift((magnitude & 0x7fffff) | 0x800000, shift);
}

/** `value / 2^shift`, to the nearest, ties to even. */
function roundedShift(value: number, shift: number): number {
  const half = 2 ** (shift - 1);
  const kept = Math.floor(value / 2 ** shift);
  const rest = value - kept * 2 ** shift;
  return kept + (rest > half || (rest === half && kept % 2 === 1) ? 1 : 0);
}
