import { UsageError } from '../usage-error.ts';

/** A value from a JSON file, with where it stands, for messages. */
export interface JsonValue {
  readonly value: unknown;
  /** For example `prompts.json: prompt 2, points[0]`. */
  readonly place: string;
}

export function jsonFault({ value, place }: JsonValue, wanted: string): UsageError {
  const text = JSON.stringify(value) ?? String(value);
  const shown = text.length <= 80 ? text : `${text.slice(0, 80)}…`;
  return new UsageError(`${place} is ${shown}; wanted ${wanted}.`);
}

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Finite numbers as JSON has them, as many as asked for; or undefined. */
export function numbersIn(values: readonly unknown[], count: number): number[] | undefined {
  const fits =
    values.length === count &&
    values.every((value) => typeof value === 'number' && Number.isFinite(value));
  return fits ? (values as number[]) : undefined;
}
