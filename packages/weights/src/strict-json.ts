import { findDuplicateKey } from './duplicate-keys.ts';
import { quote, WeightsError, type WeightsErrorCode } from './weights-error.ts';

/**
 * The members of a JSON object in a `Map`, so that names such as `__proto__` are names like any other.
 *
 * @param what - how messages call the text
 * @throws WeightsError with the given code if it is not one JSON object, and with `duplicate-name` if any object
 *   in it has a name twice
 */
export function parseStrictObject(
  json: string,
  what: string,
  code: WeightsErrorCode,
): Map<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new WeightsError(code, `${what} is not JSON: ${String(cause)}`, { cause });
  }
  const members = membersOf(value);
  if (members === undefined) {
    throw new WeightsError(code, `${what} is ${quote(value)}, expected a JSON object`);
  }
  const duplicate = findDuplicateKey(json);
  if (duplicate !== undefined) {
    const place = duplicate.path.map((key) => quote(key)).join(' → ');
    throw new WeightsError(
      'duplicate-name',
      `${what} has the name ${quote(duplicate.key)} twice${place && ` inside ${place}`}, expected once`,
    );
  }
  return members;
}

/** @returns undefined if the value is not a JSON object */
export function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  return new Map(Object.entries(value));
}
