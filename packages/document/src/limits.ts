import { DocumentError } from './document-error.ts';

/** How much a file may hold. A file that somebody sent may have been made to exhaust memory or time. */
export interface ReadLimits {
  /** Pixels of a picture or a layer. Default 200 million. */
  readonly maxPixels: number;
  /** Bytes of the file, and bytes that everything in it unpacks to. Default 2 GiB. */
  readonly maxBytes: number;
  /** Layers, masks, paths or annotations. Default 10 000. */
  readonly maxObjects: number;
  /** Work that outlines make: rows that their edges cross. Default 200 million. */
  readonly maxCrossings: number;
}

export const defaultLimits: ReadLimits = {
  maxPixels: 200_000_000,
  maxBytes: 2 ** 31,
  maxObjects: 10_000,
  maxCrossings: 200_000_000,
};

/** What is still left of a limit that everything in a file shares. */
export class Budget {
  readonly #what: string;
  readonly #limit: number;
  #left: number;

  /** @param what - in the plural, for messages */
  constructor(what: string, limit: number) {
    this.#what = what;
    this.#limit = limit;
    this.#left = limit;
  }

  get left(): number {
    return this.#left;
  }

  /** @throws DocumentError `too-large` */
  take(amount: number): void {
    this.#left -= amount;
    if (!(this.#left >= 0)) {
      throw new DocumentError(
        'too-large',
        `The file holds more than ${this.#limit} ${this.#what}; raise the limit if it is to be trusted.`,
      );
    }
  }
}

/** @throws DocumentError `damaged` or `too-large` */
export function checkSize(
  what: string,
  width: number,
  height: number,
  { maxPixels }: Pick<ReadLimits, 'maxPixels'>,
): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new DocumentError(
      'damaged',
      `${what} is ${width} x ${height}; wanted whole numbers from 1 on.`,
    );
  }
  if (width * height > maxPixels) {
    throw new DocumentError(
      'too-large',
      `${what} is ${width} x ${height}, ${width * height} pixels; the limit is ${maxPixels}.`,
    );
  }
}
