const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) {
    value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return value;
});

/** The checksum of zip and PNG (ISO 3309) over bytes that come in pieces. */
export class Crc32 {
  #state = 0xffffffff;

  update(bytes: Uint8Array): void {
    let state = this.#state;
    for (const byte of bytes) {
      state = table[(state ^ byte) & 0xff]! ^ (state >>> 8);
    }
    this.#state = state;
  }

  get value(): number {
    return ~this.#state >>> 0;
  }
}
