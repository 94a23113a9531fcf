const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A finite decimal number, or undefined for any other text. Unlike `Number` it takes no empty text,
 * no `Infinity` and no hexadecimal digits.
 */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  const value = decimal.test(trimmed) ? Number(trimmed) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** A whole number from `minimum` on, or undefined for any other text. */
export function parseWholeNumber(text: string, minimum: number): number | undefined {
  const value = parseNumber(text);
  return value !== undefined && Number.isSafeInteger(value) && value >= minimum ? value : undefined;
}
