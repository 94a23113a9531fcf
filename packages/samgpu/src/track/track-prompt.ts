import type { Bitmap, Box } from '@samgpu/mask';
import type { PromptToken, TrackingVariant } from '@samgpu/variant';
import { TokenLabel } from '@samgpu/variant';

import type { Point } from '../geometry/index.ts';
import type { Frame } from '../preprocess/index.ts';
import { frameBox, framePoint } from '../segmenter/prompt-batch.ts';
import { TrackError } from './track-error.ts';

/** What says where an object is on a frame: points, a box, both, or its mask. */
export interface TrackPrompt {
  /** From 0 on. */
  readonly frame: number;
  /** A number of your choice; one that is new is a new object. */
  readonly object: number;
  readonly points?: readonly Point[];
  readonly box?: Box;
  /** At the size of the frame; it is then the object's mask there. */
  readonly mask?: Bitmap;
  /**
   * Whether points come behind those that the object has on this frame, instead of replacing them.
   *
   * @defaultValue false
   */
  readonly append?: boolean;
}

/** @throws TrackError `wrong-prompt` */
export function checkTrackPrompt({ object, points = [], box, mask, append }: TrackPrompt): void {
  if (!Number.isSafeInteger(object)) {
    throw new TrackError('wrong-prompt', `the object is ${object}, wanted a whole number`);
  }
  const hasClicks = points.length > 0 || box !== undefined;
  if (hasClicks === (mask !== undefined)) {
    throw new TrackError(
      'wrong-prompt',
      hasClicks
        ? 'a prompt with a mask and points or a box; a mask says it all, so give it by itself'
        : 'a prompt without points, box and mask; give points, a box or a mask',
    );
  }
  if (append === true && box !== undefined) {
    throw new TrackError(
      'wrong-prompt',
      'a box cannot be appended, because it stands before all points; give it with the points again',
    );
  }
}

/**
 * Points and corners as the model takes them, corners first.
 *
 * @throws PromptError for coordinates that do not fit the frame
 */
export function trackTokens(
  { points = [], box }: TrackPrompt,
  variant: TrackingVariant,
  frame: Frame,
): PromptToken[] {
  const corners = box === undefined ? undefined : frameBox(box, variant, frame);
  return [
    ...(corners === undefined
      ? []
      : [
          { x: corners.left, y: corners.top, label: TokenLabel.boxTopLeft },
          { x: corners.right, y: corners.bottom, label: TokenLabel.boxBottomRight },
        ]),
    ...points.map((point): PromptToken => {
      const { x, y, label } = framePoint(point, frame);
      return { x, y, label: TokenLabel[label] };
    }),
  ];
}
