import type { ByteSource } from './byte-source.ts';

/** A SHA-256 over bytes that come in pieces, which WebCrypto cannot do. */
export interface IncrementalSha256 {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. Ends the calculation. */
  digest(): string;
}

/** What differs between Node and browsers. The import map of package.json chooses. */
export interface Platform {
  openFile(path: string | URL): Promise<ByteSource>;
  createSha256(): IncrementalSha256;
}
