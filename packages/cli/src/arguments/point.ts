import { InvalidArgumentError } from 'commander';
import type { Point, PointLabel } from 'samgpu';

import { parseNumber } from './number.ts';

const labels: Readonly<Record<string, PointLabel>> = {
  '1': 'include',
  '+': 'include',
  include: 'include',
  '0': 'exclude',
  '-': 'exclude',
  exclude: 'exclude',
};

/** What a label means, or undefined for an unknown one. */
export function parseLabel(text: string): PointLabel | undefined {
  return Object.hasOwn(labels, text) ? labels[text] : undefined;
}

/**
 * `x,y` or `x,y,label`.
 *
 * @throws InvalidArgumentError
 */
export function parsePoint(text: string): Point {
  const parts = text.split(',').map((part) => part.trim());
  const [x, y] = parts.slice(0, 2).map(parseNumber);
  if (parts.length < 2 || parts.length > 3 || x === undefined || y === undefined) {
    throw new InvalidArgumentError(
      'Wanted x,y or x,y,label with numbers in pixels of the picture, for example 320,240 or 320,240,-.',
    );
  }
  const label = parseLabel(parts[2] ?? 'include');
  if (label === undefined) {
    throw new InvalidArgumentError(
      `The label is "${parts[2]}"; wanted 1, + or include for a point of the object, ` +
        '0, - or exclude for one that it must stay clear of.',
    );
  }
  return { x, y, label };
}
