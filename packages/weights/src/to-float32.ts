import { dtypeSize, type WeightDtype } from './dtype.ts';
import { WeightsError } from './weights-error.ts';

/**
 * The elements of a tensor as float32.
 *
 * Every f16, bf16, i8, u8, i16 and bool value is represented exactly, down to the payload of a NaN; f64, i32 and i64
 * are rounded to nearest. For f32 nothing is copied if `bytes` is aligned to 4 bytes: the result is then a view.
 *
 * @param bytes - little-endian elements
 * @throws WeightsError with code `size` if `bytes` does not hold whole elements
 */
export function toFloat32(bytes: Uint8Array, dtype: WeightDtype): Float32Array {
  const size = dtypeSize(dtype);
  if (bytes.byteLength % size !== 0) {
    throw new WeightsError(
      'size',
      `${bytes.byteLength} bytes are not whole ${dtype} elements, expected a multiple of ${size}`,
    );
  }
  // Typed arrays have the byte order of the machine. WebGPU, and every engine that has it, is little-endian too.
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const { buffer, byteOffset } = aligned;
  const length = bytes.byteLength / size;
  switch (dtype) {
    case 'f32':
      return new Float32Array(buffer, byteOffset, length);
    case 'f16':
      return fromFloat16(new Uint16Array(buffer, byteOffset, length));
    case 'bf16':
      return fromBfloat16(new Uint16Array(buffer, byteOffset, length));
    case 'f64':
      return new Float32Array(new Float64Array(buffer, byteOffset, length));
    case 'i64':
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, length), Number);
    case 'i32':
      return new Float32Array(new Int32Array(buffer, byteOffset, length));
    case 'i16':
      return new Float32Array(new Int16Array(buffer, byteOffset, length));
    case 'i8':
      return new Float32Array(new Int8Array(buffer, byteOffset, length));
    case 'u8':
    case 'bool':
      break;
  }
  return new Float32Array(bytes);
}

// Bits are moved as integers, since a float32 that is loaded and stored may lose the payload of a NaN.

let float16Table: Uint32Array | undefined;

function fromFloat16(halves: Uint16Array): Float32Array {
  float16Table ??= Uint32Array.from({ length: 2 ** 16 }, (_, half) => float32BitsOfFloat16(half));
  const table = float16Table;
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    bits[i] = table[halves[i]!]!;
  }
  return new Float32Array(bits.buffer);
}

function float32BitsOfFloat16(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) {
    return sign | 0x7f800000 | (fraction << 13);
  }
  if (exponent !== 0) {
    return sign | ((exponent + 127 - 15) << 23) | (fraction << 13);
  }
  if (fraction === 0) {
    return sign;
  }
  // Subnormal in float16, normal in float32: shift the leading one up to where it is implied.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

function fromBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    bits[i] = halves[i]! << 16;
  }
  return new Float32Array(bits.buffer);
}
