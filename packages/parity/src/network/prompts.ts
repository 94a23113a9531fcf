import { TokenLabel } from '@samgpu/variant';
import { Mask, type Point, type Prompt } from 'samgpu';

import type { CasePrompt } from '../core/description.ts';
import { UnsupportedCaseError } from '../core/result.ts';
import type { Frame } from './samgpu.ts';

/** Logits of one mask, `[height, width]`. */
export interface PreviousLogits {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * A prompt of a case as the public API takes it; several for a grid.
 *
 * @param mask - the logits that are fed back, where the prompt has any
 * @throws UnsupportedCaseError for labels that the public API has no name for
 */
export function publicPrompts(
  prompt: CasePrompt,
  { original }: Pick<Frame, 'original'>,
  mask?: PreviousLogits,
): Prompt[] {
  const { points = [], labels = [], box, grid } = prompt;
  if (grid !== undefined) {
    return gridPoints(grid).map(([x, y]) => ({
      points: [{ x: x * original.width, y: y * original.height, label: 'include' }],
    }));
  }
  const clicks = points.flatMap(([x, y], index): Point[] => {
    const label = labels[index];
    return label === TokenLabel.include || label === TokenLabel.exclude
      ? [{ x, y, label: label === TokenLabel.include ? 'include' : 'exclude' }]
      : [];
  });
  const listed = cornersAmong(prompt);
  if (clicks.length + (listed === undefined ? 0 : 2) !== points.length) {
    throw new UnsupportedCaseError(
      `prompt ${prompt.name} has labels ${labels.join(', ')}; known are 0 and 1, and 2 and 3 once`,
    );
  }
  const corners = box ?? listed;
  return [
    {
      points: clicks,
      ...(corners && {
        box: {
          x: corners[0],
          y: corners[1],
          width: corners[2] - corners[0],
          height: corners[3] - corners[1],
        },
      }),
      ...(mask && { mask: asMask(mask, original) }),
    },
  ];
}

/** Some official predictors take a box as two points with labels of their own. */
function cornersAmong({
  points = [],
  labels = [],
}: CasePrompt): readonly [number, number, number, number] | undefined {
  const [first, last] = [TokenLabel.boxTopLeft, TokenLabel.boxBottomRight].map((wanted) =>
    points.filter((_, index) => labels[index] === wanted),
  ) as [(readonly [number, number])[], (readonly [number, number])[]];
  return first.length === 1 && last.length === 1 ? [...first[0]!, ...last[0]!] : undefined;
}

function gridPoints(side: number): [x: number, y: number][] {
  return Array.from({ length: side * side }, (_, index) => [
    ((index % side) + 0.5) / side,
    (Math.floor(index / side) + 0.5) / side,
  ]);
}

/** What a model gave, as it is fed back. Its pixels are not looked at. */
function asMask(logits: PreviousLogits, { width, height }: Frame['original']): Mask {
  return Mask.fromBitmap({ width, height, data: new Uint8Array(width * height) }, { logits });
}
