import type { Prompt } from 'samgpu';

import { asObject, listAt, numbersAt, textAt } from '../../core/description.ts';
import { UnreadableCaseError } from '../../core/result.ts';
import type { PreviousLogits } from '../../network/prompts.ts';
import { publicPrompts } from '../../network/prompts.ts';
import type { Frame } from '../../network/samgpu.ts';

type Corners = readonly [left: number, top: number, right: number, bottom: number];

/** A prompt in pixels of the picture. */
export interface ImagePrompt {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly labels: readonly number[];
  /** One, or several that are prompts of their own in one batch. */
  readonly boxes: readonly Corners[];
  /** How the predictor was asked: for alternatives or for one mask. */
  readonly multimask: readonly boolean[];
  /** Centre and radii of a mask in cells of the logits. */
  readonly ellipse: readonly [cx: number, cy: number, rx: number, ry: number] | undefined;
}

/** @throws UnreadableCaseError naming the field that is of another type */
export function readImagePrompt(value: unknown, index: number): ImagePrompt {
  const prompt = asObject(value, `prompts[${index}]`);
  const name = textAt(prompt, 'name');
  const points = prompt['points'] === undefined ? [] : listAt(prompt, 'points');
  const labels = prompt['labels'] === undefined ? [] : numbersAt(prompt, 'labels');
  if (labels.length !== points.length) {
    throw new UnreadableCaseError(
      `prompt ${name} has ${points.length} points and ${labels.length} labels`,
    );
  }
  const multimask = prompt['multimask'] === undefined ? [true, false] : listAt(prompt, 'multimask');
  return {
    name,
    points: points as readonly (readonly [number, number])[],
    labels,
    boxes: boxesOf(prompt),
    multimask: multimask as readonly boolean[],
    ellipse:
      prompt['mask_ellipse'] === undefined
        ? undefined
        : (numbersAt(prompt, 'mask_ellipse', 4) as readonly [number, number, number, number]),
  };
}

function boxesOf(prompt: Readonly<Record<string, unknown>>): readonly Corners[] {
  if (prompt['box'] === undefined) {
    return [];
  }
  const box = listAt(prompt, 'box');
  return (typeof box[0] === 'number' ? [box] : box) as readonly Corners[];
}

/** The same for the public API; several for several boxes. */
export function publicImagePrompts(
  { name, points, labels, boxes, ellipse }: ImagePrompt,
  frame: Frame,
  side: number,
): Prompt[] {
  const mask = ellipse && ellipseLogits(ellipse, side);
  const one = (box?: Corners): Prompt[] =>
    publicPrompts({ name, points, labels, ...(box && { box }) }, frame, mask);
  return boxes.length === 0 ? one() : boxes.flatMap((box) => one(box));
}

/** Logits of an ellipse, as the cases' README makes them. */
function ellipseLogits(
  [cx, cy, rx, ry]: NonNullable<ImagePrompt['ellipse']>,
  side: number,
): PreviousLogits {
  const data = Float32Array.from({ length: side * side }, (_, index) => {
    const x = ((index % side) - cx) / rx;
    const y = (Math.floor(index / side) - cy) / ry;
    return Math.min(Math.max(6 - 12 * (x ** 2 + y ** 2), -32), 32);
  });
  return { width: side, height: side, data };
}
