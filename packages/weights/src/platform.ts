import type { ByteSource } from './byte-source.ts';

export type HashAlgorithm = 'sha256' | 'sha1' | 'md5';

/** A hash over bytes that come in pieces, which WebCrypto cannot do (nor MD5 at all). */
export interface IncrementalHash {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. Ends the calculation. */
  digest(): string;
}

/** What differs between Node and browsers. The import map of package.json chooses. */
export interface Platform {
  openFile(path: string | URL): Promise<ByteSource>;
  /** False for what is not there, and where there are no folders. */
  isFolder(path: string | URL): Promise<boolean>;
  createHash(algorithm: HashAlgorithm): IncrementalHash;
}
