import type { Size } from '@samgpu/mask';

import { PromptError } from './prompt-error.ts';

/** Whether the object contains the point (`include`) or must stay clear of it (`exclude`). */
export type PointLabel = 'include' | 'exclude';

/** A click, in pixels of the original image: x to the right, y down, origin at the top left. */
export interface Point {
  readonly x: number;
  readonly y: number;
  /** `'include'` when left out. */
  readonly label?: PointLabel;
}

/** A point that {@link validatePoint} has accepted. */
export interface ValidPoint extends Point {
  readonly label: PointLabel;
}

/**
 * Checks a click against the image it belongs to and fills in its label.
 *
 * @param image - size of the original image in pixels
 * @returns a new point with `0 <= x < width` and `0 <= y < height`
 * @throws {@link PromptError} `not-finite`, `outside-image` or `unknown-label`
 */
export function validatePoint(point: Point, image: Size): ValidPoint {
  const { x, y, label = 'include' } = point;
  const shown = `point (${x}, ${y})`;
  const imageShown = `${image.width}x${image.height} image`;
  if (!Number.isFinite(x) || !Number.isFinite(y)) {
    throw new PromptError(
      'not-finite',
      `${shown} for a ${imageShown}: x and y must be finite numbers. ` +
        'Give them in pixels of the original image; a canvas that has no size yet often yields NaN.',
    );
  }
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) {
    throw new PromptError(
      'outside-image',
      `${shown} is outside the ${imageShown}: wanted 0 <= x < ${image.width} and ` +
        `0 <= y < ${image.height}. Convert from the displayed size to pixels of the original image, ` +
        'and ignore clicks beside it.',
    );
  }
  if (label !== 'include' && label !== 'exclude') {
    throw new PromptError(
      'unknown-label',
      `${shown} has label ${JSON.stringify(label)}: wanted 'include' or 'exclude'. ` +
        'Leave it out for an including point.',
    );
  }
  return { x, y, label };
}
