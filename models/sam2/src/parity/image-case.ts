/** The image predictor: from a picture to masks at its size. */
import { join } from 'node:path';

import type { HostValue } from '@samgpu/graph';
import type { FormulaWeightStore } from '@samgpu/testing';
import type { Variant } from '@samgpu/variant';
import { readImage } from 'samgpu';

import { type Frame, preprocessImage } from '../../../../packages/samgpu/src/preprocess/index.ts';
import { defineSam2 } from '../define-sam2.ts';
import { weightShapes } from '../weight-shapes.ts';
import { formulaIdentity, type NetworkFiles, openNetworkFiles } from './case-files.ts';

type Corners = readonly [left: number, top: number, right: number, bottom: number];

/** A prompt in pixels of the picture. */
export interface ImagePrompt {
  readonly name: string;
  readonly points?: readonly (readonly [x: number, y: number])[];
  readonly labels?: readonly number[];
  /** One, or several that are prompts of their own in one batch. */
  readonly box?: Corners | readonly Corners[];
  /** How the predictor was asked: for alternatives or for one mask. Both ways by default. */
  readonly multimask?: readonly boolean[];
  /** Centre and radii in cells of the logits. */
  readonly mask_ellipse?: readonly [cx: number, cy: number, rx: number, ry: number];
}

export interface ImageCase extends NetworkFiles {
  readonly variant: Variant;
  readonly weights: FormulaWeightStore;
  /** The encoder's input, made by samgpu, `[1, size, size, 3]`. */
  readonly image: HostValue;
  readonly frame: Frame;
  readonly prompts: readonly ImagePrompt[];
}

/** @param pictures - the folder that a case's name of its picture begins at */
export async function openImageCase(directory: string, pictures: string): Promise<ImageCase> {
  const files = await openNetworkFiles(directory);
  const { image, prompts } = files.golden.description as {
    readonly image: string;
    readonly prompts: readonly ImagePrompt[];
  };
  const variant = defineSam2(formulaIdentity(files), files.config);
  const pixels = await readImage(join(pictures, image));
  const { tensor, frame } = preprocessImage(pixels, variant.preprocessing);
  const { size } = variant.preprocessing;
  return {
    ...files,
    variant,
    weights: files.golden.weights(weightShapes(files.config)),
    image: { shape: [1, size, size, 3], data: tensor },
    frame,
    prompts,
  };
}

/** A prompt's boxes, one for each prompt of its batch. */
export function boxesOf({ box }: ImagePrompt): readonly (Corners | undefined)[] {
  if (box === undefined) {
    return [undefined];
  }
  return typeof box[0] === 'number' ? [box as Corners] : (box as readonly Corners[]);
}

/** Logits of an ellipse, as the case's README makes them. */
export function ellipseMask(
  [cx, cy, rx, ry]: NonNullable<ImagePrompt['mask_ellipse']>,
  side: number,
): Float32Array {
  return Float32Array.from({ length: side * side }, (_, index) => {
    const x = ((index % side) - cx) / rx;
    const y = (Math.floor(index / side) - cy) / ry;
    return Math.min(Math.max(6 - 12 * (x ** 2 + y ** 2), -32), 32);
  });
}
