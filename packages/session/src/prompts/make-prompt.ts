import type { Box, Mask, Size } from '@samgpu/mask';
import { type Point, type PointLabel, PromptError, validateBox, validatePoint } from 'samgpu';

import { SessionError } from '../session-error.ts';
import type {
  BoxPrompt,
  LassoPrompt,
  MaskPrompt,
  PointPrompt,
  Position,
  ScribblePrompt,
  SessionPrompt,
} from './session-prompt.ts';

/** @throws SessionError `invalid-prompt` */
export function pointPrompt(id: string, point: Point, image: Size): PointPrompt {
  const { x, y, label } = checked(() => validatePoint(point, image));
  return { id, kind: 'point', x, y, label };
}

/** @throws SessionError `invalid-prompt` */
export function boxPrompt(id: string, box: Box, image: Size): BoxPrompt {
  return { id, kind: 'box', box: checked(() => validateBox(box, image)) };
}

/** @throws SessionError `invalid-prompt` */
export function lassoPrompt(
  id: string,
  path: readonly Position[],
  label: PointLabel,
  image: Size,
): LassoPrompt {
  return { id, kind: 'lasso', path: checkPath(path, label, image, 3), label };
}

/** @throws SessionError `invalid-prompt` */
export function scribblePrompt(
  id: string,
  path: readonly Position[],
  label: PointLabel,
  image: Size,
): ScribblePrompt {
  return { id, kind: 'scribble', path: checkPath(path, label, image, 1), label };
}

/** @throws SessionError `invalid-prompt` */
export function maskPrompt(id: string, mask: Mask, { width, height }: Size): MaskPrompt {
  if (mask.width !== width || mask.height !== height) {
    throw new SessionError(
      'invalid-prompt',
      `a mask of ${mask.width}x${mask.height} for an image of ${width}x${height}; wanted its size`,
    );
  }
  return { id, kind: 'mask', mask };
}

/**
 * The prompt elsewhere: a point at a position, a box with its top left corner there, or another box.
 *
 * @throws SessionError `invalid-prompt`, or `unsupported` for what is drawn
 */
export function movedPrompt(prompt: SessionPrompt, to: Position | Box, image: Size): SessionPrompt {
  switch (prompt.kind) {
    case 'point':
      return pointPrompt(prompt.id, { x: to.x, y: to.y, label: prompt.label }, image);
    case 'box':
      return boxPrompt(prompt.id, { ...prompt.box, ...to }, image);
    default:
      throw new SessionError(
        'unsupported',
        `a ${prompt.kind} cannot be moved; remove it and draw another one`,
      );
  }
}

function checked<T>(validate: () => T): T {
  try {
    return validate();
  } catch (error) {
    if (error instanceof PromptError) {
      throw new SessionError('invalid-prompt', error.message, { cause: error });
    }
    throw error;
  }
}

/** The path in the picture: what lies outside is moved to its border, repetitions are dropped. */
function checkPath(
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
    if (last?.x !== inside.x || last.y !== inside.y) result.push(inside);
  }
  if (result.length < least) {
    throw new SessionError(
      'invalid-prompt',
      `a path of ${result.length} different points; wanted at least ${least}`,
    );
  }
  return result;
}
