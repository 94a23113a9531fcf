import type { Size } from '@samgpu/mask';
import { PromptError, validateBox, validatePoint, type PointLabel } from 'samgpu';

import { SessionError } from '../session-error.ts';
import type { Position } from './session-prompt.ts';

/** What `validate` gives, with its complaint as one of a session. */
export function checked<T>(validate: () => T): T {
  try {
    return validate();
  } catch (error) {
    if (error instanceof PromptError) {
      throw new SessionError('invalid-prompt', error.message, { cause: error });
    }
    throw error;
  }
}

export { validateBox, validatePoint };

/**
 * A path in the picture: what lies outside is moved to its border, points that repeat are dropped.
 *
 * @throws SessionError `invalid-prompt`
 */
export function checkPath(
  path: readonly Position[],
  label: PointLabel,
  image: Size,
  least: number,
): Position[] {
  if (label !== 'include' && label !== 'exclude') {
    throw new SessionError(
      'invalid-prompt',
      `a path with label "${String(label)}"; wanted "include" or "exclude"`,
    );
  }
  const result: Position[] = [];
  for (const { x, y } of path) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      throw new SessionError(
        'invalid-prompt',
        `a path through (${x}, ${y}); wanted finite numbers, in pixels of the image`,
      );
    }
    const inside = {
      x: Math.min(Math.max(x, 0), image.width),
      y: Math.min(Math.max(y, 0), image.height),
    };
    const last = result.at(-1);
    if (last === undefined || last.x !== inside.x || last.y !== inside.y) result.push(inside);
  }
  if (result.length < least) {
    throw new SessionError(
      'invalid-prompt',
      `a path of ${result.length} points; wanted at least ${least}`,
    );
  }
  return result;
}
