import { platform } from '#platform';
import { storage } from '#storage';

import { quote, WeightsError } from '../weights-error.ts';

/** A file of weights and where it is published. */
export interface ModelFile {
  /** In Node also a path. */
  readonly url: URL | string;
  /** Exact size. Another one is refused before anything is downloaded. */
  readonly bytes?: number;
  /** 64 hexadecimal digits. */
  readonly sha256?: string;
  /** 32 hexadecimal digits. Finds damage, but a forger can make two files with the same one. */
  readonly md5?: string;
  /** 40 hexadecimal digits: the id of the file in a git tree, as `git hash-object` prints it. */
  readonly gitBlob?: string;
}

/** Hashes in lower-case hexadecimal. */
export interface Digests {
  readonly sha256?: string;
  readonly md5?: string;
  readonly gitBlob?: string;
}

/** A file to load and where from. */
export interface LocatedFile {
  readonly url: URL;
  /** The last part of the path of its address. */
  readonly name: string;
  /** What a cache knows it by. */
  readonly key: string;
  readonly bytes: number | undefined;
  readonly pins: Digests;
  /** Whether there is a hash to check. */
  readonly isPinned: boolean;
  /** SHA-256 of the address. */
  readonly address: string;
}

const digits = { sha256: 64, md5: 32, gitBlob: 40 } as const;

/**
 * What a cache knows a file by, as in {@link CachedModel}: made of its hash, or of its address where it has none.
 *
 * @throws WeightsError with code `argument` if the file is malformed
 */
export function modelFileKey(file: ModelFile): string {
  return locate(file, false).key;
}

/** @throws WeightsError with code `argument` if the file or the base is malformed */
export function locate(file: ModelFile, baseUrl: string | URL | false | undefined): LocatedFile {
  const { bytes } = file;
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && bytes >= 0)) {
    throw new WeightsError('argument', `bytes is ${bytes}, expected a whole number of bytes`);
  }
  const pins = parsePins(file);
  const published = parseUrl(file.url, 'url');
  const name = lastPart(published);
  const [algorithm, hash] =
    [
      ['sha256', pins.sha256] as const,
      ['md5', pins.md5] as const,
      ['git', pins.gitBlob] as const,
    ].find(([, hash]) => hash !== undefined) ?? [];
  const base = baseUrl ?? storage.modelBase();
  const url = base === undefined || base === false ? published : inBase(base, name, hash);
  url.hash = '';
  const address = sha256OfText(url.href);
  const key = hash === undefined ? `url-${address}` : `${algorithm}-${hash}`;
  return { url, name, key, bytes, pins, isPinned: hash !== undefined, address };
}

export function sha256OfText(text: string): string {
  const hash = platform.createHash('sha256');
  hash.update(new TextEncoder().encode(text));
  return hash.digest();
}

function parsePins(file: ModelFile): Digests {
  const pins: { -readonly [name in keyof Digests]: string } = {};
  for (const name of ['sha256', 'md5', 'gitBlob'] as const) {
    const text = file[name];
    if (text !== undefined) {
      if (!/^[0-9a-f]+$/i.test(text) || text.length !== digits[name]) {
        throw new WeightsError(
          'argument',
          `${name} is ${quote(text)}, expected ${digits[name]} hexadecimal digits`,
        );
      }
      pins[name] = text.toLowerCase();
    }
  }
  return pins;
}

function parseUrl(value: string | URL, option: 'url' | 'baseUrl'): URL {
  let url: URL;
  try {
    url = value instanceof URL ? new URL(value) : storage.toUrl(value);
  } catch (cause) {
    throw new WeightsError(
      'argument',
      `${option} is ${quote(String(value))}, expected an address`,
      {
        cause,
      },
    );
  }
  if (!['http:', 'https:', 'file:', 'blob:', 'data:'].includes(url.protocol)) {
    throw new WeightsError(
      'argument',
      `${option} is of kind ${quote(url.protocol)}, expected https:, http:, file:, blob: or data:`,
    );
  }
  return url;
}

function lastPart({ protocol, pathname }: URL): string {
  return protocol === 'data:' || protocol === 'blob:'
    ? protocol.slice(0, -1)
    : (pathname.split('/').findLast((part) => part !== '') ?? '');
}

/** `{hash}` in the base stands for the hash, for sites that keep files of the same name. */
function inBase(base: string | URL, name: string, hash: string | undefined): URL {
  const text = base instanceof URL ? base.href : base;
  // As a URL object the braces may have been escaped.
  const pattern = /\{hash\}|%7Bhash%7D/gi;
  if (hash === undefined && pattern.test(text)) {
    throw new WeightsError(
      'argument',
      `the base ${quote(text)} asks for a hash, but none is pinned for ${quote(name)}. Pin its sha256`,
    );
  }
  const url = parseUrl(text.replace(pattern, hash ?? ''), 'baseUrl');
  // Already escaped, since it comes from a URL.
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${name}`;
  return url;
}
