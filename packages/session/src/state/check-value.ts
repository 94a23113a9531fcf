import { SessionError } from '../session-error.ts';

/** @throws SessionError `invalid-state` @param at - where in the state, for the message */
export function refuse(at: string, wanted: string): never {
  throw new SessionError('invalid-state', `saved session, ${at}: ${wanted}; nothing was restored`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(value: unknown, at: string): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : refuse(at, 'wanted an object');
}

export function list(value: unknown, at: string): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : refuse(at, 'wanted a list');
}

export function text(value: unknown, at: string): string {
  return typeof value === 'string' ? value : refuse(at, 'wanted text');
}

export function finite(value: unknown, at: string): number {
  return typeof value === 'number' && Number.isFinite(value)
    ? value
    : refuse(at, 'wanted a number');
}

/** From 0 to `most`. */
export function wholeNumber(value: unknown, at: string, most: number = 2 ** 31 - 1): number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most
    ? (value as number)
    : refuse(at, `wanted a whole number from 0 to ${most}`);
}

export function oneOf<T extends string>(value: unknown, at: string, known: readonly T[]): T {
  return known.includes(value as T)
    ? (value as T)
    : refuse(at, `wanted one of ${known.map((one) => `"${one}"`).join(', ')}`);
}
