// What weights look like. Without a pinned hash this is all that tells a model from a server's error page.

import type { ByteSource } from '../byte-source.ts';
import { readSafetensorsHeader } from '../safetensors-header.ts';
import { sniffFormat } from '../sniff-format.ts';
import { WeightsError } from '../weights-error.ts';
import type { Readable } from './content-hashes.ts';

/** A zip file ends with a record of 22 bytes and a comment of up to 65535. */
const zipEndBytes = 22 + 65_535;
const zipEndMagic = [0x50, 0x4b, 0x05, 0x06];

/**
 * @returns an error with code `not-a-model` if this is neither safetensors, nor a zip file or pickle as PyTorch writes
 *   them, or if its end is missing
 */
export async function findContentProblem(
  file: Readable,
  place: string,
): Promise<WeightsError | undefined> {
  const source = asSource(file);
  try {
    const format = await sniffFormat(source);
    if (format === 'safetensors') {
      await readSafetensorsHeader(source);
    } else if (format === 'zip' && !(await hasZipEnd(file))) {
      throw new WeightsError('truncated', 'the zip file has no end');
    }
    return undefined;
  } catch (cause) {
    if (!(cause instanceof WeightsError)) {
      throw cause;
    }
    return new WeightsError(
      'not-a-model',
      `the ${file.size} bytes from ${place} are not taken for weights: ${cause.message}. ` +
        'A file of another kind needs a pinned hash',
      { cause },
    );
  }
}

/** What something is that does not look like weights, undefined if it does. */
export async function describeContent(file: Readable): Promise<string | undefined> {
  try {
    await sniffFormat(asSource(file));
    return undefined;
  } catch (cause) {
    return cause instanceof WeightsError ? cause.message : undefined;
  }
}

async function hasZipEnd(file: Readable): Promise<boolean> {
  const length = Math.min(zipEndBytes, file.size);
  const bytes = await file.read(file.size - length, length);
  for (let i = bytes.length - 22; i >= 0; i--) {
    if (zipEndMagic.every((byte, j) => bytes[i + j] === byte)) {
      const commentLength = bytes[i + 20]! + 256 * bytes[i + 21]!;
      if (i + 22 + commentLength === bytes.length) {
        return true;
      }
    }
  }
  return false;
}

function asSource(file: Readable): ByteSource {
  return { size: file.size, read: (offset, length) => file.read(offset, length) };
}
