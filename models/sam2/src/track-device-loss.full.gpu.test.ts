/** A device that goes away while objects are followed, as drivers make it do. Each device compiles everything anew. */
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { type FrameInput, type PixelImage, Segmenter, type Track } from 'samgpu';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { frame, narrowWeights } from './fixtures/narrow-network.ts';
import { variant } from './fixtures/narrow-variant.ts';

// Each number of memories is a program of its own, which a software adapter compiles for long.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const gpu = await openTestDevice();
// Dawn ends with the object that opened it, whatever else is still in use.
const dawn = gpu === undefined ? undefined : await createNodeGpu([]);

const FRAMES = 2;
const first = { frame: 0, object: 1, points: [{ x: 18, y: 30 }] };
const second = { frame: 1, object: 2, box: { x: 40, y: 10, width: 30, height: 30 } };

// Times are shares of clips that have fewer than 16 frames, and not of streams.
const list = (): PixelImage[] => Array.from({ length: 17 }, (_, index) => frame(index));
async function* stream(): AsyncGenerator<PixelImage> {
  for (let index = 0; ; index++) yield frame(index);
}

/** Where a device may be lost. */
type Moment = 'after the first prompt' | 'between frames' | 'before a correction';

/** Tracks two objects, corrects one, and gives all logits on the way. */
async function run(track: Track, at: (moment: Moment) => Promise<void>): Promise<number[][]> {
  const logits: number[][] = [];
  await track.add(first);
  await at('after the first prompt');
  await track.add(second);
  for await (const { frame, objects } of track.propagate({ from: 1, to: FRAMES })) {
    logits.push(...objects.map(({ mask }) => [...mask.logits!.data]));
    if (frame === 1) await at('between frames');
  }
  await at('before a correction');
  const points = [{ x: 60, y: 10, label: 'exclude' as const }];
  const { objects } = await track.add({ frame: FRAMES, object: 1, points });
  logits.push(...objects.map(({ mask }) => [...mask.logits!.data]));
  return logits;
}

describe.skipIf(gpu === undefined)(`a lost device${missingDevice()}`, () => {
  let weights: Uint8Array;
  let undisturbed: Segmenter;
  let expected: number[][];

  async function load(): Promise<{ segmenter: Segmenter; lose: () => Promise<void> }> {
    const adapter = (await dawn!.requestAdapter())!;
    const webgpu = { adapter };
    const segmenter = await Segmenter.load(variant, { backend: 'webgpu', webgpu, weights });
    const lose = async (): Promise<void> => {
      const device = segmenter.device!;
      device.destroy();
      await device.lost;
    };
    return { segmenter, lose };
  }

  beforeAll(async () => {
    weights = await narrowWeights();
    undisturbed = (await load()).segmenter;
    using track = await undisturbed.track(list());
    expected = await run(track, async () => undefined);
  });
  afterAll(() => undisturbed?.dispose());

  test.each<[string, () => FrameInput, readonly Moment[]]>([
    ['a list', list, ['between frames']],
    ['a stream', stream, ['after the first prompt', 'before a correction']],
  ])('costs a track through %s nothing of what it knew', async (_, input, moments) => {
    const { segmenter, lose } = await load();
    using track = await segmenter.track(input());
    const devices = new Set<GPUDevice | undefined>();
    const got = await run(track, async (moment) => {
      devices.add(segmenter.device);
      if (moments.includes(moment)) await lose();
    });
    devices.add(segmenter.device);
    expect(devices.size).toBe(moments.length + 1);
    expect(got).toHaveLength(2 * FRAMES + 2);
    expect(got).toEqual(expected);
    segmenter.dispose();
  });

  test('that is the caller’s is told, and what was found can be saved', async () => {
    const adapter = (await dawn!.requestAdapter())!;
    // With what our own devices have, so that the same kernels run.
    const requiredFeatures = [...undisturbed.device!.features] as GPUFeatureName[];
    const device = await adapter.requestDevice({ requiredFeatures });
    const options = { backend: 'webgpu', webgpu: { device }, weights } as const;
    const segmenter = await Segmenter.load(variant, options);
    using track = await segmenter.track(list());
    await track.add(first);
    await track.add(second);
    const course = track.propagate({ from: 1, to: FRAMES });
    const { value } = await course.next();
    device.destroy();
    await device.lost;
    await expect(course.next()).rejects.toMatchObject({ name: 'WebGpuError', code: 'device-lost' });
    const saved = await track.save();
    segmenter.dispose();

    using again = await undisturbed.resume(list(), saved);
    const logits = value!.objects.map(({ mask }) => [...mask.logits!.data]);
    for await (const { objects } of again.propagate({ from: 2, to: FRAMES })) {
      logits.push(...objects.map(({ mask }) => [...mask.logits!.data]));
    }
    expect(logits).toEqual(expected.slice(0, 2 * FRAMES));
  });
});
