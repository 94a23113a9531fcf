// Single images as users segment them, with a small network and formula weights. That masks are right is
// shown in images.test.ts.
import type { EncodedImage, Segmenter } from 'samgpu';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { frame, loadNarrow, SIZE } from './fixtures/narrow-network.ts';

let segmenter: Segmenter;
let image: EncodedImage;
beforeAll(async () => {
  segmenter = await loadNarrow();
  image = await segmenter.encode(frame(0));
});
afterAll(() => {
  image.dispose();
  segmenter.dispose();
});

const point = { x: 18, y: 30 };
const box = { x: 10, y: 20, width: 20, height: 20 };

test('takes points, boxes and masks, alone and together', async () => {
  const { mask } = await image.segment({ points: [point] });
  expect(mask).toMatchObject(SIZE);
  const answers = await image.segment([
    { box },
    { box, points: [{ ...point, label: 'exclude' }] },
    { points: [point], mask },
    { mask },
  ]);
  expect(answers.every(({ mask }) => mask.score > 0 && mask.score < 1)).toBe(true);
  expect(answers[2]!.mask.logits!.data).not.toEqual(mask.logits!.data);
});

test('gives three alternatives, best first', async () => {
  const { masks } = await image.segment({ points: [point] }, { multimask: true });
  const scores = masks.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(scores).toHaveLength(3);
});

test.each([false, true])('finds everything, refined: %s', async (refine) => {
  const options = { pointsPerSide: 4, predIouThreshold: 0, stabilityThreshold: 0, refine };
  const { masks } = await image.segmentEverything(options);
  expect(masks.length).toBeGreaterThan(0);
});
