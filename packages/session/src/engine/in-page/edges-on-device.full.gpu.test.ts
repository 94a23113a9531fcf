/** Edges of a session on the GPU that its model runs on. */
import { nano } from '@samgpu/nano';
import { makeComposite } from '@samgpu/testing/composites';
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { matte } from 'samgpu';
import { describe, expect, test } from 'vitest';

import { Session } from '../../index.ts';
import { createEngine } from './create-engine.ts';

const gpu = await openTestDevice();
// Dawn ends with the object that opened it, whatever else is still in use.
const dawn = gpu === undefined ? undefined : await createNodeGpu([]);

/** A rasteriser runs the whole of nano's encoder. */
const PATIENCE = 300_000;

describe.skipIf(gpu === undefined)(
  `edges on a device${missingDevice()}`,
  { timeout: PATIENCE },
  () => {
    test('refined edges are those of JavaScript', async () => {
      const device = await (await dawn!.requestAdapter())!.requestDevice();
      const engine = createEngine({
        variants: [nano],
        segmenter: { backend: 'webgpu', webgpu: { device }, imageProcessing: 'device' },
      });
      const session = new Session({ engine });
      const {
        width,
        height,
        image: data,
      } = makeComposite({
        seed: 4,
        edge: 'soft',
        size: 3,
        width: 240,
        height: 180,
      });
      const picture = { width, height, channels: 4, data } as const;
      await Promise.all([session.load('nano'), session.open(picture)]);
      session.addPoint({ x: width / 2, y: height / 2 });
      await session.settled();
      const { mask } = session.snapshot.draft!;

      const { queue } = device;
      const submit = queue.submit.bind(queue);
      let submissions = 0;
      queue.submit = (buffers) => {
        submissions += 1;
        submit(buffers);
      };
      await session.refineEdges({ method: 'fast' });
      expect(submissions).toBeGreaterThan(0);
      const { alpha } = session.snapshot.draft!.alpha!;
      const wanted = (await matte(picture, mask, { method: 'fast' })).alpha;
      expect(wanted.some((level) => level > 0 && level < 255)).toBe(true);
      // Rounding of f32; see the tests of mattes in @samgpu/webgpu.
      const apart = alpha.map((level, i) => Math.abs(level - wanted[i]!));
      expect(Math.max(...apart)).toBeLessThanOrEqual(2);
      session.dispose();
      engine.dispose();
      device.destroy();
    });
  },
);
