/** Tracking on our own kernels: the same as on ONNX Runtime, and memory that does not grow. */
import { expectClose } from '@samgpu/testing';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import type { PixelImage, Segmenter } from 'samgpu';
import { describe, expect, test, vi } from 'vitest';

import { frame, loadNarrow } from './fixtures/narrow-network.ts';

// Each number of memories is a program of its own, which a software adapter compiles for long.
vi.setConfig({ testTimeout: 600_000 });

const gpu = await openTestDevice();
const FRAMES = 7;

async function* stream(): AsyncGenerator<PixelImage> {
  for (let index = 0; index < FRAMES; index++) yield frame(index);
}

async function run(segmenter: Segmenter): Promise<{ logits: Float32Array[]; bytes: number[] }> {
  const logits: Float32Array[] = [];
  const bytes: number[] = [];
  using track = await segmenter.track(stream(), { keep: 3 });
  await track.add({ frame: 0, object: 1, points: [{ x: 18, y: 30 }] });
  await track.add({ frame: 0, object: 2, box: { x: 40, y: 10, width: 30, height: 30 } });
  for await (const { objects } of track.propagate()) {
    logits.push(...objects.map(({ mask }) => mask.logits!.data));
    bytes.push(track.bytes);
  }
  return { logits, bytes };
}

describe.skipIf(gpu === undefined)(`WebGPU${missingDevice()}`, () => {
  test('tracks as ONNX Runtime does', async () => {
    using reference = await loadNarrow();
    using segmenter = await loadNarrow('webgpu');
    const expected = await run(reference);
    const { logits, bytes } = await run(segmenter);
    expect(logits).toHaveLength(2 * FRAMES);
    for (const [index, own] of logits.entries()) {
      const what = `object ${index % 2} on frame ${Math.floor(index / 2)}`;
      // Memories are rounded to 8 bits, where a value on the border may go either way, and every frame
      // looks at those before. Holes are filled or not by the sign of a logit: compared as a whole.
      expectClose(own, expected.logits[index]!, { what, limit: 0.5, rmsLimit: 5e-3 });
    }
    expect(bytes.at(-1)).toBe(bytes[4]);
  });
});
