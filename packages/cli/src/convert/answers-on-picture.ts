import type { Variant } from '@samgpu/variant';
import { type PixelImage, type Prompt, type Rle, Segmenter } from 'samgpu';

/** Points per side of the grid that is clicked. */
const SIDE = 4;

/** Clicks all over a picture. */
export function gridPrompts({ width, height }: PixelImage): Prompt[] {
  const prompts: Prompt[] = [];
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const x = ((column + 0.5) / SIDE) * width;
      const y = ((row + 0.5) / SIDE) * height;
      prompts.push({ points: [{ x, y }] });
    }
  }
  return prompts;
}

/**
 * What a model with these weights answers: for each prompt its one mask and its alternatives. The model is gone
 * when this returns, so that two of them need not fit into memory.
 *
 * @param weights - path of a file or folder
 */
export async function answersOnPicture(
  variant: Variant,
  weights: string,
  picture: PixelImage,
  prompts: readonly Prompt[],
): Promise<Rle[][]> {
  using segmenter = await Segmenter.load(variant, { weights });
  const image = await segmenter.encode(picture);
  const answers: Rle[][] = [];
  for (const prompt of prompts) {
    for (const multimask of [false, true]) {
      const { masks } = await image.segment(prompt, { multimask });
      answers.push(masks.map((mask) => mask.toRle()));
    }
  }
  return answers;
}
