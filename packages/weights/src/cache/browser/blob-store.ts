/** Named blobs in a browser's storage. */
export interface BlobStore {
  readonly kind: 'opfs' | 'cache-api';
  readonly location: string;
  /** Only what is read of it is loaded. */
  read(name: string): Promise<Blob | undefined>;
  /** Replaces what there is. After a crash in the middle there may be anything under this name. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
  /** Sizes in bytes by name. */
  list(): Promise<ReadonlyMap<string, number>>;
}

/** Where the page may store. Undefined where the browser has no such storage, or denies it. */
export type OpenBlobStore = (folder: string) => Promise<BlobStore | undefined>;
