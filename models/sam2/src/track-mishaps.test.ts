// What goes wrong on the way is told, and costs nothing of what was found before.
import { type FrameInput, type PixelImage, type Segmenter, type Track, VideoError } from 'samgpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { frame, loadNarrow } from './fixtures/narrow-network.ts';

const COUNT = 20;
/** The first frame that is not tracked when something goes wrong. */
const BROKEN = 6;
const LAST = 9;

const frames = (count = COUNT): PixelImage[] => Array.from({ length: count }, (_, i) => frame(i));
const click = { frame: 0, object: 1, points: [{ x: 18, y: 30 }] };

let segmenter: Segmenter;
let expected: number[][];
beforeAll(async () => {
  segmenter = await loadNarrow();
  using track = await segmenter.track(frames());
  await track.add(click);
  expected = await follow(track, 0, LAST);
});
afterAll(() => segmenter.dispose());

/** Logits of the object from one frame to another, or to where it ends. */
async function follow(track: Track, from: number, to: number): Promise<number[][]> {
  const logits: number[][] = [];
  for await (const { objects } of track.propagate({ from, to })) {
    logits.push([...objects[0]!.mask.logits!.data]);
  }
  return logits;
}

test.each<[string, (track: Track) => unknown, string]>([
  ['a prompt on a frame that is not there', (t) => t.add({ ...click, frame: 40 }), 'no-such-frame'],
  ['a frame that is no number', (t) => t.add({ ...click, frame: Number.NaN }), 'no-such-frame'],
  ['going on where nothing is', (t) => follow(t, COUNT + 5, COUNT + 9), 'no-such-frame'],
  ['going on from nowhere', (t) => follow(t, -1, LAST), 'no-such-frame'],
  ['going on to nowhere', (t) => follow(t, 0, Number.NaN), 'no-such-frame'],
  [
    'clearing an object that is not known',
    (t) => t.clear({ frame: 0, object: 9 }),
    'unknown-object',
  ],
  ['removing an object that is not known', (t) => t.remove(9), 'unknown-object'],
  ['a prompt that says nothing', (t) => t.add({ frame: 2, object: 1 }), 'wrong-prompt'],
  [
    'a point beside the frame',
    (t) => t.add({ ...click, points: [{ x: -3, y: 200 }] }),
    'outside-image',
  ],
])('%s changes nothing', async (_, attempt, code) => {
  using track = await segmenter.track(frames());
  await track.add(click);
  const before = await follow(track, 0, BROKEN - 1);
  await expect((async () => attempt(track))()).rejects.toMatchObject({ code });
  expect(track.objects).toEqual([1]);
  expect([...before, ...(await follow(track, BROKEN, LAST))]).toEqual(expected);
});

async function* failing(error: Error): AsyncGenerator<PixelImage> {
  yield* frames(BROKEN);
  throw error;
}

const unplugged = new Error('the camera was unplugged');
const damaged = new VideoError('undecodable', 'clip.mp4 is damaged from frame 6 on');

describe('what was found before can be saved, and goes on, where', () => {
  test.each<[string, () => FrameInput, object]>([
    ['a stream fails', () => failing(unplugged), unplugged],
    [
      'a video cannot be decoded any further',
      () => ({
        count: COUNT,
        read: (index: number) => {
          if (index >= BROKEN) throw damaged;
          return frame(index);
        },
      }),
      { name: 'VideoError', code: 'undecodable' },
    ],
    [
      'a frame has another size',
      () => [...frames(BROKEN), frame(BROKEN, { width: 64, height: 64 }), ...frames(COUNT - 7)],
      { name: 'TrackError', code: 'frame-size' },
    ],
    [
      'a picture cannot be read',
      () => [...frames(BROKEN), Buffer.from('no picture'), ...frames(COUNT - 7)] as PixelImage[],
      { name: 'ImageError' },
    ],
  ])('%s', async (_, input, error) => {
    using track = await segmenter.track(input());
    await track.add(click);
    const logits: number[][] = [];
    const run = async (): Promise<void> => {
      for await (const { objects } of track.propagate()) {
        logits.push([...objects[0]!.mask.logits!.data]);
      }
    };
    await expect(run()).rejects.toMatchObject(error);
    using again = await segmenter.resume(frames(), await track.save());
    expect([...logits, ...(await follow(again, BROKEN, LAST))]).toEqual(expected);
  });

  test('a video ends whose length only reading tells', async () => {
    const source = { read: (index: number) => (index < BROKEN ? frame(index) : undefined) };
    using track = await segmenter.track(source);
    await track.add(click);
    await follow(track, 0, 2);
    using again = await segmenter.resume(source, await track.save());
    // Right behind the end there is nothing to do.
    expect(await follow(again, BROKEN, LAST)).toEqual([]);
    expect(await follow(again, 3, LAST)).toHaveLength(BROKEN - 3);
    expect(again.frameCount).toBe(BROKEN);
  });

  test('a stream ends', async () => {
    // Distances in time are shares of a clip's length, if that is known, so it is no short one.
    async function* stream(): AsyncGenerator<PixelImage> {
      yield* frames(BROKEN);
    }
    using track = await segmenter.track(stream());
    await track.add(click);
    const logits = await follow(track, 0, LAST);
    expect(logits).toHaveLength(BROKEN);
    expect(track.frameCount).toBe(BROKEN);
    using again = await segmenter.resume(frames(), await track.save());
    expect([...logits, ...(await follow(again, BROKEN, LAST))]).toEqual(expected);
  });
});
