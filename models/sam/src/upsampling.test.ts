// SAM's masks at the size of the picture: `postprocess_masks` of the official code is samgpu's
// upsampleLogits.
import { upsampleLogits } from 'samgpu';
import { expect, test } from 'vitest';

import { expectGolden, openFixture } from './parity/golden.ts';

const modules = await openFixture('modules_sam');

const size = (width: number, height: number) => ({ width, height });

test.each([
  { name: 'landscape', resized: size(256, 192), original: size(200, 150) },
  { name: 'portrait', resized: size(170, 256), original: size(91, 137) },
  { name: 'shrink', resized: size(256, 170), original: size(91, 60) },
])('postprocess_masks.$name', async ({ name, resized, original }) => {
  const { shape, values } = modules.input('postprocess_masks.low_res');
  const [, count, height, width] = shape as [number, number, number, number];
  const masks = Array.from({ length: count }, (_, index) =>
    upsampleLogits(
      { width, height, data: values.slice(index * width * height, (index + 1) * width * height) },
      original,
      { mode: 'two-step', frame: size(256, 256), resized },
      { returnLogits: true },
    ),
  );
  const logits = masks.flatMap((mask) => [...mask.logits!.data]);
  await expectGolden(modules, `postprocess_masks.${name}.logits`, logits);
  const { bits } = await modules.masks(`postprocess_masks.${name}.mask_bits`);
  // No logit is closer to the threshold than 1e-4, which is more than any error here.
  expect(masks.flatMap(({ bitmap }) => [...bitmap.data])).toEqual([...bits]);
});
