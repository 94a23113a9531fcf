import { makeComposite } from '@samgpu/testing/composites';
import { expect, test } from 'vitest';

import { Matte } from '../matte.ts';

test.each([
  { seed: 31, edge: 'hair', size: 2 },
  { seed: 32, edge: 'fur', size: 1.5 },
  { seed: 33, edge: 'soft', size: 4 },
] as const)('colours of $edge are those of the object', (options) => {
  const composite = makeComposite({ ...options, width: 320, height: 240, noise: 0 });
  const { width, height, image, alpha, foreground } = composite;
  const levels = Uint8Array.from(alpha, (share) => Math.round(share * 255));
  const source = { width, height, data: image };
  const cutout = new Matte({ width, height, alpha: levels }, source).foreground();
  let [ours, before] = [0, 0];
  for (let i = 0; i < alpha.length; i++) {
    const share = alpha[i]!;
    if (share < 0.02 || share > 0.98) continue;
    for (let k = 0; k < 3; k++) {
      const truth = foreground[i * 3 + k]!;
      ours += share * Math.abs(cutout.data[i * 4 + k]! - truth);
      before += share * Math.abs(image[i * 4 + k]! - truth);
    }
  }
  // What is left of the old background: less than a quarter of what the picture's own colours have.
  expect(ours / before).toBeLessThan(0.25);
});
