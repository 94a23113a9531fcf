import type { PixelImage } from '../image-source/index.ts';

const NEWLINE = 10;
/** `P6`, width and height, the largest value: longer headers are none of ours. */
const LONGEST_HEADER = 64;

/** Pictures of 8-bit RGB that follow each other in the format PPM. */
export class PpmReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  /** How much of the chunk was used. */
  #used = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /**
   * The next picture; undefined at the end, also if it is in the middle of one.
   *
   * @throws RangeError for anything but such pictures
   */
  async next(): Promise<PixelImage | undefined> {
    const magic = await this.#line();
    const size = await this.#line();
    const most = await this.#line();
    if (magic === undefined || size === undefined || most === undefined) return undefined;
    const [, width, height] = /^(\d{1,5}) (\d{1,5})$/.exec(size) ?? [];
    if (magic !== 'P6' || width === undefined || most !== '255') {
      throw new RangeError(`wanted an RGB picture in the format PPM, got ${magic}, ${size}`);
    }
    const data = new Uint8Array(Number(width) * Number(height) * 3);
    for (let filled = 0; filled < data.length;) {
      if (!(await this.#fill())) return undefined;
      const part = this.#chunk.subarray(this.#used, this.#used + data.length - filled);
      data.set(part, filled);
      filled += part.length;
      this.#used += part.length;
    }
    return { width: Number(width), height: Number(height), channels: 3, data };
  }

  async #line(): Promise<string | undefined> {
    let line = '';
    while (line.length < LONGEST_HEADER) {
      if (!(await this.#fill())) return undefined;
      const code = this.#chunk[this.#used++]!;
      if (code === NEWLINE) return line;
      line += String.fromCharCode(code);
    }
    return line;
  }

  /** Has a chunk with something left in it. @returns false at the end */
  async #fill(): Promise<boolean> {
    while (this.#used >= this.#chunk.length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return false;
      this.#chunk = value;
      this.#used = 0;
    }
    return true;
  }
}
