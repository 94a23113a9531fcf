import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { uncropMask } from './crops/uncrop-mask.ts';
import { encodeRle } from './run-length.ts';
import { stabilityScore } from './stability-score.ts';
import { upsampleLogits } from './upsample-logits.ts';
import { RleUpsampler } from './upsample-to-rle.ts';
import type { UpsamplingPath } from './upsampling-path.ts';

const paths = fc.constantFrom<UpsamplingPath>(
  { mode: 'two-step', frame: { width: 40, height: 40 }, resized: { width: 40, height: 27 } },
  { mode: 'two-step', frame: { width: 32, height: 32 }, resized: { width: 17, height: 32 } },
  { mode: 'bilinear-direct' },
  { mode: 'bicubic-direct' },
);

test('equals enlarging, scoring and encoding in turn', () => {
  const sides = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(
      paths,
      sides,
      sides,
      fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 64, maxLength: 64 }),
      fc.constantFrom(0, 0.5, -1),
      fc.boolean(),
      fc.constantFrom(1, 0.25),
      (path, width, height, values, threshold, inclusive, stabilityOffset) => {
        const logits = { width: 8, height: 8, data: Float32Array.from(values) };
        const output = { width, height };
        const image = { width: width + 7, height: height + 5 };
        const options = { threshold, inclusive, returnLogits: true };
        const wanted = upsampleLogits(logits, output, path, options);
        const upsampler = new RleUpsampler({
          logits,
          output,
          path,
          placement: { x: 4, y: 2, image },
          threshold,
          inclusive,
          stabilityOffset,
        });
        upsampler.upsample(new Float32Array(64).fill(1)); // leaves nothing behind
        const { rle, area, bounds, stability } = upsampler.upsample(logits.data);
        const crop = { x: 4, y: 2, ...output };
        expect(rle).toEqual(uncropMask(encodeRle(wanted.bitmap), crop, image));
        expect(area).toBe(wanted.area);
        const { x, y } = wanted.bounds;
        const moved = area === 0 ? {} : { x: x + 4, y: y + 2 };
        expect(bounds).toEqual({ ...wanted.bounds, ...moved });
        const score = stabilityScore(wanted.logits!.data, { threshold, offset: stabilityOffset });
        expect(stability).toBe(Math.fround(score));
      },
    ),
    { numRuns: 300 },
  );
});
