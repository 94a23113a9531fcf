import { quote, WeightsError } from '../weights-error.ts';

// Part of file names, so nothing else may pass.
const pattern = '(?:sha256-[0-9a-f]{64}|md5-[0-9a-f]{32}|git-[0-9a-f]{40}|url-[0-9a-f]{64})';
const wholeKey = new RegExp(`^${pattern}$`);
const nameOfEntry = new RegExp(`^(${pattern})(\\..+)$`);

/** @throws WeightsError with code `argument` if this is no key that a cache gives */
export function checkCacheKey(key: string): void {
  if (!wholeKey.test(key)) {
    throw new WeightsError(
      'argument',
      `${quote(key)} is not the key of a cached model. Use a key that list() gives`,
    );
  }
}

/** The key and the ending of a stored name, undefined for a name that is not the cache's. */
export function splitEntryName(
  name: string,
): { readonly key: string; readonly ending: string } | undefined {
  const [, key, ending] = nameOfEntry.exec(name) ?? [];
  return key === undefined || ending === undefined ? undefined : { key, ending };
}
