/** A small SAM 2 with formula weights, and frames to try it on: quick, and meaning nothing. */
import { FormulaWeightStore } from '@samgpu/testing';
import type { TrackingVariant } from '@samgpu/variant';
import { writeSafetensors } from '@samgpu/weights';
import { type PixelImage, Segmenter } from 'samgpu';

import { type Sam2Config, sam2Config } from '../config.ts';
import { defineSam2 } from '../define-sam2.ts';
import { weightShapes } from '../weight-shapes.ts';

const config: Sam2Config = {
  ...sam2Config(
    {
      width: 16,
      heads: 1,
      blocks: [1, 1, 1, 1],
      globalBlocks: [2],
      windows: [8, 4, 4, 2],
      positions: 7,
    },
    '2.1',
  ),
  imageSize: 128,
};
const variant: TrackingVariant = defineSam2(
  {
    name: 'sam2-narrow',
    title: 'a narrow SAM 2',
    description: 'formula weights',
    weights: { kind: 'brought', reason: 'a test', from: new URL('https://example.org'), files: [] },
  },
  config,
);

export async function loadNarrow(): Promise<Segmenter> {
  const store = new FormulaWeightStore(weightShapes(config), {
    seed: 3,
    family: 'sam2',
    // So that the object counts as there.
    offsets: new Map([['sam_mask_decoder.pred_obj_score_head.layers.2.bias', 1.5]]),
  });
  const tensors = await Promise.all(
    Array.from(store.tensors, async ([path, info]) => {
      return [path, { ...info, bytes: await store.read(path) }] as const;
    }),
  );
  const weights = writeSafetensors(tensors);
  return Segmenter.load(variant, { backend: 'onnx', weights });
}

export const SIZE = { width: 96, height: 64 };

/** A square that moves over a ramp. */
export function frame(index: number, { width, height } = SIZE): PixelImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const left = 10 + ((2 * index) % (width - 30));
      const isInside = x >= left && x < left + 20 && y >= 20 && y < 40;
      data.set(isInside ? [230, 60, 40] : [x, 2 * y, 90], 3 * (y * width + x));
    }
  }
  return { width, height, channels: 3, data };
}
