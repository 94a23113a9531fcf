// Zip archives by themselves: checked as strictly as checkpoints in them have to be.
export { blobSource, type ByteSource, memorySource } from './byte-source.ts';
export { Crc32 } from './pytorch/crc-32.ts';
export { openZipEntry } from './pytorch/zip-content.ts';
export { readZipDirectory, type ZipDirectory } from './pytorch/zip-directory.ts';
export type { ZipEntry } from './pytorch/zip-entries.ts';
export { WeightsError } from './weights-error.ts';
