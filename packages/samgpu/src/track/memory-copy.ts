import type { DeviceValue, HostValue } from '@samgpu/graph';

/** The elements of a memory, wherever it is. */
export async function readMemory(memory: DeviceValue | HostValue): Promise<HostValue> {
  return 'data' in memory ? memory : memory.read();
}

/**
 * A memory in the memory of JavaScript, in half of its bytes: models round what they remember to bfloat16,
 * so the lower halves of its numbers are 0.
 */
export class MemoryCopy {
  readonly shape: readonly number[];
  /** The upper halves. */
  readonly halves: Uint16Array<ArrayBuffer>;

  constructor(shape: readonly number[], halves: Uint16Array<ArrayBuffer>) {
    this.shape = shape;
    this.halves = halves;
  }

  static async of(memory: DeviceValue | HostValue): Promise<MemoryCopy> {
    const { shape, data } = await readMemory(memory);
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
    return new MemoryCopy(
      shape,
      Uint16Array.from(words, (word) => word >>> 16),
    );
  }

  get value(): HostValue {
    const words = Uint32Array.from(this.halves, (half) => half << 16);
    return { shape: this.shape, data: new Float32Array(words.buffer) };
  }
}
