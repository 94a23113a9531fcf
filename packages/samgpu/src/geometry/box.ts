import type { Box, Size } from '@samgpu/mask';

import { PromptError } from './prompt-error.ts';

/**
 * Checks a box against the image it belongs to. A box that is partly outside is clipped, because
 * that is what a user who drags past the edge means.
 *
 * @param image - size of the original image in pixels
 * @returns the part of the box inside the image, never without area
 * @throws {@link PromptError} `not-finite`, `no-area` or `outside-image`
 */
export function validateBox(box: Box, image: Size): Box {
  const { x, y, width, height } = box;
  const shown = `box { x: ${x}, y: ${y}, width: ${width}, height: ${height} }`;
  const imageShown = `${image.width}x${image.height} image`;
  if (![x, y, width, height].every((value) => Number.isFinite(value))) {
    throw new PromptError(
      'not-finite',
      `${shown} for a ${imageShown}: x, y, width and height must be finite numbers. ` +
        'Give them in pixels of the original image.',
    );
  }
  if (width <= 0 || height <= 0) {
    throw new PromptError(
      'no-area',
      `${shown} for a ${imageShown} has no area: width and height must be positive. ` +
        'For a drag towards the top left, swap the corners first (boxFromCorners does).',
    );
  }
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  const right = Math.min(image.width, x + width);
  const bottom = Math.min(image.height, y + height);
  if (right <= left || bottom <= top) {
    throw new PromptError(
      'outside-image',
      `${shown} is outside the ${imageShown}: it must overlap 0..${image.width} by ` +
        `0..${image.height}. Convert from the displayed size to pixels of the original image.`,
    );
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The box between two opposite corners, given in any order, as a drag leaves them. */
export function boxFromCorners(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): Box {
  return {
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  };
}
