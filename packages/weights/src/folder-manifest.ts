import { isPlainPath } from './sharded-safetensors.ts';
import { membersOf, parseStrictObject } from './strict-json.ts';
import { quote, WeightsError } from './weights-error.ts';
import type { WrittenFile } from './write/file-sink.ts';

/** The file that lists the others of a folder that was written as a whole. */
export const MANIFEST_NAME = 'manifest.json';

/** Whether a path or address is that of the list of a folder's files. */
export function isFolderManifest(name: string): boolean {
  return name === MANIFEST_NAME || name.endsWith(`/${MANIFEST_NAME}`);
}

/**
 * The files that a manifest lists, by name.
 *
 * @throws WeightsError with code `format` if it is none
 */
export function parseFolderManifest(json: string): ReadonlyMap<string, WrittenFile> {
  const files = parseStrictObject(json, 'the manifest', 'format').get('files');
  if (!Array.isArray(files)) {
    throw new WeightsError('format', `the manifest has files ${quote(files)}, expected a list`);
  }
  return new Map(
    files.map((entry: unknown) => {
      const file = fileOf(entry);
      return [file.name, file];
    }),
  );
}

function fileOf(entry: unknown): WrittenFile {
  const members = membersOf(entry);
  const name = members?.get('name');
  const bytes = members?.get('bytes');
  const sha256 = members?.get('sha256');
  const isRight =
    typeof name === 'string' &&
    isPlainPath(name) &&
    typeof bytes === 'number' &&
    Number.isSafeInteger(bytes) &&
    bytes >= 0 &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256);
  if (!isRight) {
    throw new WeightsError(
      'format',
      `the manifest lists ${quote(entry)}, expected a plain name, a number of bytes and a SHA-256`,
    );
  }
  return { name, bytes, sha256 };
}
