import { type FileHandle, open } from 'node:fs/promises';

import type { TrackedFrameResult } from './frame-record.ts';

interface Place {
  readonly start: number;
  readonly length: number;
}

/** Results of frames in a file, one on a line: what lists and videos are made of at the end. */
export class FrameLog {
  readonly #file: FileHandle;
  readonly #places = new Map<number, Place>();
  #size = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @param size - bytes that are kept of what the file holds; the rest was not meant to last */
  static async open(path: string, size: number): Promise<FrameLog> {
    const file = await open(path, size === 0 ? 'w+' : 'r+');
    const log = new FrameLog(file);
    try {
      await log.#readBack(size);
      return log;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Numbers of all frames, the first one first. */
  get frames(): number[] {
    return [...this.#places.keys()].sort((a, b) => a - b);
  }

  async add(result: TrackedFrameResult): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(result)}\n`);
    await this.#file.write(bytes, 0, bytes.length, this.#size);
    this.#places.set(result.frame, { start: this.#size, length: bytes.length });
    this.#size += bytes.length;
  }

  /** What is known of a frame that is among {@link frames}. */
  async read(frame: number): Promise<TrackedFrameResult> {
    const { start, length } = this.#places.get(frame)!;
    const { buffer } = await this.#file.read(Buffer.alloc(length), 0, length, start);
    return JSON.parse(buffer.toString()) as TrackedFrameResult;
  }

  /** Has all that was added on the disk. */
  async flush(): Promise<void> {
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #readBack(size: number): Promise<void> {
    const { size: found } = await this.#file.stat();
    if (found < size) throw new RangeError(`${found} bytes, wanted ${size}`);
    await this.#file.truncate(size);
    let line = Buffer.alloc(0);
    for await (const chunk of this.#file.createReadStream({ start: 0, autoClose: false })) {
      line = Buffer.concat([line, chunk as Buffer]);
      for (let end = line.indexOf('\n'); end >= 0; end = line.indexOf('\n')) {
        const { frame } = JSON.parse(line.toString('utf8', 0, end)) as TrackedFrameResult;
        this.#places.set(frame, { start: this.#size, length: end + 1 });
        this.#size += end + 1;
        line = line.subarray(end + 1);
      }
    }
  }
}
