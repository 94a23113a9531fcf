import { InvalidArgumentError } from 'commander';
import type { Box } from 'samgpu';

import { parseNumber } from './number.ts';

/**
 * `x,y,width,height`.
 *
 * @throws InvalidArgumentError
 */
export function parseBox(text: string): Box {
  const [x, y, width, height, ...rest] = text.split(',').map(parseNumber);
  if (
    x === undefined ||
    y === undefined ||
    width === undefined ||
    height === undefined ||
    rest.length > 0
  ) {
    throw new InvalidArgumentError(
      'Wanted x,y,width,height with four numbers in pixels of the picture, for example 100,80,220,160.',
    );
  }
  if (width <= 0 || height <= 0) {
    throw new InvalidArgumentError(
      `The box has no area: its width is ${width} and its height ${height}, both must be positive. ` +
        'The numbers are the top left corner and the size, not two corners.',
    );
  }
  return { x, y, width, height };
}
