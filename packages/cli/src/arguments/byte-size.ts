import { parseNumber } from './number.ts';

const units: Readonly<Record<string, number>> = { '': 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/** `500MB`, `1.5 GB` or `1000000` in bytes, at least one; undefined for any other text. */
export function parseByteSize(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^\s*([\d.]+)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = units[unit.toLowerCase()];
  const value = parseNumber(digits);
  if (factor === undefined || value === undefined) return undefined;
  const bytes = Math.floor(value * factor);
  return bytes >= 1 ? bytes : undefined;
}
