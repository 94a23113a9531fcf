import {
  memorySource,
  openZipEntry,
  readZipDirectory,
  WeightsError,
  type ZipEntry,
} from '@samgpu/weights/zip';

import { DocumentError } from '../document-error.ts';
import { Budget, type ReadLimits } from '../limits.ts';

/** A zip archive in memory, every part of it checked before it is used. */
export class ZipArchive {
  readonly names: readonly string[];
  readonly #bytes: Uint8Array;
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  readonly #budget: Budget;

  private constructor(
    bytes: Uint8Array,
    entries: ReadonlyMap<string, ZipEntry>,
    limits: ReadLimits,
  ) {
    this.names = [...entries.keys()];
    this.#bytes = bytes;
    this.#entries = entries;
    this.#budget = new Budget('bytes of unpacked files', limits.maxBytes);
  }

  /** @throws DocumentError `damaged` or `too-large` */
  static async open(bytes: Uint8Array, limits: ReadLimits): Promise<ZipArchive> {
    const { entries } = await translated(() => readZipDirectory(memorySource(bytes)));
    if (entries.size > 4 * limits.maxObjects) {
      throw new DocumentError(
        'too-large',
        `The archive holds ${entries.size} files; the limit is ${4 * limits.maxObjects}.`,
      );
    }
    return new ZipArchive(bytes, entries, limits);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * The content of a file.
   *
   * @throws DocumentError `damaged` where it is missing or not what the archive says; `too-large`
   */
  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      throw new DocumentError(
        'damaged',
        `The archive lacks ${JSON.stringify(name)}, which it refers to.`,
      );
    }
    this.#budget.take(entry.unpacked);
    return translated(async () => {
      const source = await openZipEntry(memorySource(this.#bytes), entry);
      return new Uint8Array(await source.read(0, source.size));
    });
  }

  /** @throws DocumentError as {@link ZipArchive.read}, and `damaged` for what is no UTF-8 */
  async readText(name: string): Promise<string> {
    return decodeText(await this.read(name), name);
  }
}

/** @throws DocumentError `damaged` */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes));
  } catch (cause) {
    throw new DocumentError('damaged', `${name} is not text in UTF-8.`, { cause });
  }
}

async function translated<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof WeightsError) {
      const code = cause.code === 'no-space' ? 'too-large' : 'damaged';
      throw new DocumentError(code, `The archive cannot be read: ${cause.message}.`, { cause });
    }
    throw cause;
  }
}
