import { InvalidArgumentError } from 'commander';
import type { Box, Point } from 'samgpu';

import { parseBox } from './box.ts';
import { parseWholeNumber } from './number.ts';
import { parsePoint } from './point.ts';

/** What an option says, and of which object, where it says that. */
export interface OfObject<Value> {
  readonly value: Value;
  readonly object?: number;
}

/**
 * `x,y`, `x,y,object`, `x,y,label` or `x,y,label,object`. Labels are `+` and `-`, or `include` and
 * `exclude`; with an object the numbers 1 and 0 as well.
 *
 * @throws InvalidArgumentError
 */
export function parseTrackPoint(text: string): OfObject<Point> {
  const parts = text.split(',').map((part) => part.trim());
  const last = parts[parts.length - 1]!;
  if (parts.length === 4) {
    return { value: parsePoint(parts.slice(0, 3).join(',')), object: parseObject(last) };
  }
  if (parts.length === 3 && /^\d+$/.test(last)) {
    return { value: parsePoint(parts.slice(0, 2).join(',')), object: parseObject(last) };
  }
  return { value: parsePoint(text) };
}

/**
 * `x,y,width,height` or `x,y,width,height,object`.
 *
 * @throws InvalidArgumentError
 */
export function parseTrackBox(text: string): OfObject<Box> {
  const parts = text.split(',');
  if (parts.length !== 5) return { value: parseBox(text) };
  return { value: parseBox(parts.slice(0, 4).join(',')), object: parseObject(parts[4]!) };
}

function parseObject(text: string): number {
  const object = parseWholeNumber(text, 1);
  if (object === undefined) {
    throw new InvalidArgumentError(
      `The object is "${text}"; wanted a whole number from 1 on. A point that the object must stay ` +
        'clear of is x,y,-',
    );
  }
  return object;
}
