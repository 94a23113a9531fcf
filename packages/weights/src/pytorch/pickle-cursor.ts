import { quote, WeightsError, type WeightsErrorCode } from '../weights-error.ts';
import { opcodeName } from './pickle-opcodes.ts';

/** The longest name in a `GLOBAL`, or number in decimal. */
const longestLine = 1024;
/** An integer of a checkpoint has at most 10 bytes (the legacy format's magic number). */
const longestInteger = 64;
/** Of one text or byte string, in bytes. */
const longestString = 2 ** 24;

/** Reads a pickle's parts in order, each checked against what is left before anything is allocated. */
export class PickleCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** How messages call the pickle. */
  readonly #what: string;
  readonly #start: number;
  #at: number;
  #opcodeAt: number;
  #opcode: number | undefined;

  constructor(bytes: Uint8Array, start: number, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
    this.#start = start;
    this.#at = start;
    this.#opcodeAt = start;
  }

  /** Where the next part starts. */
  get position(): number {
    return this.#at;
  }

  fail(code: WeightsErrorCode, message: string): WeightsError {
    const operation = this.#opcode === undefined ? '' : `${opcodeName(this.#opcode)} at `;
    return new WeightsError(
      code,
      `${message} (${operation}byte ${this.#opcodeAt - this.#start} of ${this.#what})`,
    );
  }

  opcode(): number {
    this.#opcodeAt = this.#at;
    this.#opcode = undefined;
    this.#opcode = this.uint8();
    return this.#opcode;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** As a number: what is rounded is beyond every limit. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  /** The only part that is big-endian. */
  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  bytes(length: number): Uint8Array {
    if (length > longestString) {
      throw this.fail(
        'pickle',
        `the pickle has a string of ${length} bytes, expected at most ${longestString}`,
      );
    }
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return this.#decode(this.bytes(length));
  }

  /** Up to the next line feed. */
  line(): string {
    const end = this.#bytes.subarray(this.#at, this.#at + longestLine + 1).indexOf(0x0a);
    if (end < 0) {
      if (this.#bytes.byteLength - this.#at <= longestLine) {
        throw this.#truncated('a line without end');
      }
      throw this.fail('pickle', `the pickle has a line of more than ${longestLine} bytes`);
    }
    const text = this.text(end);
    this.#at += 1;
    return text;
  }

  /** Two's complement, little-endian. */
  integer(length: number): number | bigint {
    if (length > longestInteger) {
      throw this.fail(
        'pickle',
        `the pickle has an integer of ${length} bytes, expected at most ${longestInteger}`,
      );
    }
    const digits = this.bytes(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) {
      value = (value << 8n) | BigInt(digits[i]!);
    }
    return narrow(BigInt.asIntN(8 * length, value));
  }

  /** A line with a decimal integer. */
  decimal(text: string): number | bigint {
    if (!/^[+-]?\d{1,100}$/.test(text)) {
      throw this.fail('pickle', `the pickle has ${quote(text)}, expected an integer`);
    }
    return narrow(BigInt(text.replace('+', '')));
  }

  #take(length: number): number {
    if (length > this.#bytes.byteLength - this.#at) {
      throw this.#truncated(`${length} bytes`);
    }
    const at = this.#at;
    this.#at += length;
    return at;
  }

  #truncated(wanted: string): WeightsError {
    const rest = this.#bytes.byteLength - this.#at;
    return this.fail(
      'truncated',
      `the pickle ends too early: ${wanted} expected, ${rest} are left`,
    );
  }

  #decode(bytes: Uint8Array): string {
    try {
      // A copy, because browsers decode no shared memory.
      return utf8.decode(new Uint8Array(bytes));
    } catch {
      throw this.fail('pickle', 'the pickle has a text that is not valid UTF-8');
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
