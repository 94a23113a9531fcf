/** A folder of files, wherever they are kept. Names hold no slashes. */
export interface StorageFolder {
  /** Names of the folders in it. */
  folders(): Promise<string[]>;
  /** A folder in it, made where it is missing. */
  folder(name: string): Promise<StorageFolder>;
  removeFolder(name: string): Promise<void>;
  /** Names of the files in it. */
  files(): Promise<string[]>;
  /** @returns undefined where there is none */
  read(name: string): Promise<Blob | undefined>;
  /** Writes a file as a whole. When it fails or is interrupted there may be none, the old one, or a part. */
  write(name: string, content: Blob): Promise<void>;
  /** Of no effect where there is none. */
  remove(name: string): Promise<void>;
}
