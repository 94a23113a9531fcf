/** Most bytes that a pool keeps for later. */
const KEPT_BYTES = 2 ** 27;

/**
 * Buffers of one usage that are used again by whoever wants the same size.
 *
 * Runs of a program give results of the same sizes each time, so that no memory is asked for after
 * the first few.
 */
export class BufferPool {
  private readonly device: GPUDevice;
  private readonly usage: GPUBufferUsageFlags;
  /** The longest unused first. */
  private readonly free = new Set<GPUBuffer>();
  private readonly taken = new Set<GPUBuffer>();
  private freeBytes = 0;

  constructor(device: GPUDevice, usage: GPUBufferUsageFlags) {
    this.device = device;
    this.usage = usage;
  }

  take(bytes: number, label: string): GPUBuffer {
    for (const buffer of this.free) {
      if (buffer.size === bytes) {
        this.free.delete(buffer);
        this.freeBytes -= bytes;
        this.taken.add(buffer);
        buffer.label = label;
        return buffer;
      }
    }
    const buffer = this.device.createBuffer({ label, size: bytes, usage: this.usage });
    this.taken.add(buffer);
    return buffer;
  }

  /** For a buffer that nobody reads any more, except what has been submitted. */
  giveBack(buffer: GPUBuffer): void {
    if (!this.taken.delete(buffer)) {
      return;
    }
    this.free.add(buffer);
    this.freeBytes += buffer.size;
    for (const oldest of this.free) {
      if (this.freeBytes <= KEPT_BYTES) {
        break;
      }
      this.free.delete(oldest);
      this.freeBytes -= oldest.size;
      oldest.destroy();
    }
  }

  /** For a buffer that could not be made or used. */
  discard(buffer: GPUBuffer): void {
    this.taken.delete(buffer);
    buffer.destroy();
  }

  /** Frees all buffers, those that are in use as well. */
  dispose(): void {
    [...this.free, ...this.taken].forEach((buffer) => buffer.destroy());
    this.free.clear();
    this.taken.clear();
    this.freeBytes = 0;
  }
}
