// Tracking as users do it, with a small network and formula weights on drawn frames: nothing that is seen
// means anything, but how it hangs together does. That it is right is shown in videos.test.ts.
import { writeSafetensors } from '@samgpu/weights';
import {
  type FrameInput,
  type PixelImage,
  type Segmenter,
  type Track,
  type TrackedFrame,
  TrackError,
} from 'samgpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { frame, loadNarrow, SIZE } from './fixtures/narrow-network.ts';

const frames = (count: number): PixelImage[] => Array.from({ length: count }, (_, i) => frame(i));

async function* stream(count: number): AsyncGenerator<PixelImage> {
  for (let index = 0; index < count; index++) {
    yield frame(index);
  }
}

const click = { frame: 0, object: 1, points: [{ x: 18, y: 30 }] };

let segmenter: Segmenter;
beforeAll(async () => {
  segmenter = await loadNarrow();
});
afterAll(() => segmenter.dispose());

async function all(course: AsyncIterable<TrackedFrame>): Promise<TrackedFrame[]> {
  const result: TrackedFrame[] = [];
  for await (const tracked of course) result.push(tracked);
  return result;
}

const logitsOf = (tracked: readonly TrackedFrame[]): number[][] =>
  tracked.flatMap(({ objects }) => objects.map(({ mask }) => [...mask.logits!.data]));

describe('a track', () => {
  test('follows what was clicked to the end, and back', async () => {
    using track = await segmenter.track(frames(6));
    const shown = await track.add(click);
    expect(shown.frame).toBe(0);
    expect(shown.objects.map(({ object }) => object)).toEqual([1]);
    expect(shown.objects[0]!.mask).toMatchObject(SIZE);

    const forth = await all(track.propagate());
    expect(forth.map((tracked) => tracked.frame)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(forth.every(({ objects }) => objects.length === 1)).toBe(true);
    for (const { objects } of forth) {
      const [{ score, occluded, objectScore }] = objects as [(typeof objects)[number]];
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThan(1);
      expect(occluded).toBe(objectScore <= 0);
    }
    const back = await all(track.propagate({ from: 4, to: 2, reverse: true }));
    expect(back.map((tracked) => tracked.frame)).toEqual([4, 3, 2]);
  });

  test('gives the same of a list, a source and a stream', async () => {
    // In clips of fewer than 16 frames times are shares of their length, which a stream does not know.
    const list = frames(17);
    const inputs: FrameInput[] = [list, { read: (i) => list[i] }, stream(17), list.values()];
    const results: number[][][] = [];
    for (const input of inputs) {
      using track = await segmenter.track(input);
      await track.add(click);
      results.push(logitsOf(await all(track.propagate())));
    }
    expect(results[0]).toHaveLength(17);
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });

  test('takes objects together as one by one', async () => {
    const prompts = Array.from({ length: 6 }, (_, index) => ({
      frame: index % 2,
      object: index,
      points: [{ x: 10 + 12 * index, y: 30 }],
    }));
    using together = await segmenter.track(frames(5));
    for (const prompt of prompts) await together.add(prompt);
    const got = await all(together.propagate({ from: 2 }));
    for (const [row, prompt] of prompts.entries()) {
      using alone = await segmenter.track(frames(5));
      await alone.add(prompt);
      const expected = await all(alone.propagate({ from: 2 }));
      for (const [index, { objects }] of expected.entries()) {
        const own = got[index]!.objects[row]!;
        expect(own.object).toBe(prompt.object);
        const difference = Math.max(
          ...own.mask.logits!.data.map((logit, cell) =>
            Math.abs(logit - objects[0]!.mask.logits!.data[cell]!),
          ),
        );
        // The same sums in another order, through four layers of attention for each frame; memories are
        // rounded to 8 bits, where a value on the border may go either way.
        expect(difference).toBeLessThan(2e-3);
      }
    }
  });

  test('goes on from what was saved', async () => {
    using whole = await segmenter.track(frames(8));
    await whole.add(click);
    const expected = logitsOf(await all(whole.propagate()));

    using first = await segmenter.track(frames(8));
    await first.add(click);
    await all(first.propagate({ to: 4 }));
    const saved = await first.save();
    using second = await segmenter.resume(frames(8), saved);
    expect(second.objects).toEqual([1]);
    const rest = logitsOf(await all(second.propagate({ from: 5 })));
    expect(rest).toEqual(expected.slice(5));
  });

  test('remembers no more of a long stream than of a short one', async () => {
    using track = await segmenter.track(stream(60), { keep: 8 });
    await track.add(click);
    const bytes: number[] = [];
    for await (const { frame } of track.propagate()) {
      bytes[frame] = track.bytes;
    }
    expect(bytes).toHaveLength(60);
    expect(bytes[59]).toBe(bytes[15]);
    expect(track.frameCount).toBe(60);
  });

  test('takes corrections, and takes them back', async () => {
    using track = await segmenter.track(frames(4));
    await track.add(click);
    const before = logitsOf(await all(track.propagate()));
    const corrected = await track.add({
      frame: 2,
      object: 1,
      points: [{ x: 60, y: 10, label: 'exclude' }],
    });
    expect(logitsOf([corrected])[0]).not.toEqual(before[2]);
    const cleared = await track.clear({ frame: 2, object: 1 });
    expect(logitsOf([cleared])[0]).toEqual(before[2]);
  });

  test('takes a mask as it is', async () => {
    using track = await segmenter.track(frames(3));
    const data = new Uint8Array(SIZE.width * SIZE.height);
    for (let y = 16; y < 48; y++) data.fill(1, y * SIZE.width + 24, y * SIZE.width + 72);
    const { objects } = await track.add({ frame: 0, object: 5, mask: { ...SIZE, data } });
    expect(objects[0]).toMatchObject({ object: 5, score: 1, objectScore: 10, occluded: false });
    const { mask } = objects[0]!;
    const different = mask.data.filter((inside, pixel) => inside !== data[pixel]).length;
    // The outline moves by a part of a cell.
    expect(different).toBeLessThan(0.1 * 32 * 48);
    expect(await all(track.propagate())).toHaveLength(3);
  });

  test('keeps objects apart where that is asked for', async () => {
    using track = await segmenter.track(frames(3), { overlapping: false });
    await track.add(click);
    await track.add({ frame: 0, object: 2, box: { x: 8, y: 18, width: 40, height: 30 } });
    for (const { objects } of await all(track.propagate())) {
      const [a, b] = objects.map(({ mask }) => mask.data) as [Uint8Array, Uint8Array];
      expect(a.some((inside, pixel) => inside === 1 && b[pixel] === 1)).toBe(false);
    }
  });

  test('keeps what it has where its reader leaves', async () => {
    using track = await segmenter.track(frames(5));
    await track.add(click);
    for await (const { frame } of track.propagate()) {
      if (frame === 2) break;
    }
    track.remove(1);
    expect(track.objects).toEqual([]);
    await track.add(click);
    expect(await all(track.propagate({ to: 1 }))).toHaveLength(2);
  });

  test('stops by a signal', async () => {
    using track = await segmenter.track(frames(5));
    await track.add(click);
    const controller = new AbortController();
    const seen: number[] = [];
    const run = async (): Promise<void> => {
      for await (const { frame } of track.propagate({ signal: controller.signal })) {
        seen.push(frame);
        if (frame === 1) controller.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([0, 1]);
    expect(await all(track.propagate({ from: 2 }))).toHaveLength(3);
  });
});

describe('a track says', () => {
  const expectRefusal = async (attempt: () => Promise<unknown>, code: string): Promise<void> => {
    const error: unknown = await attempt().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TrackError);
    expect((error as TrackError).code).toBe(code);
  };
  const expectRefusalOf = async (
    input: FrameInput,
    attempt: (track: Track) => Promise<unknown>,
    code: string,
  ): Promise<void> => {
    using track = await segmenter.track(input);
    await expectRefusal(() => attempt(track), code);
  };

  test.each([
    ['a list', (): FrameInput => []],
    ['a source', (): FrameInput => ({ count: 0, read: () => undefined })],
  ])('that there are no frames in %s', async (_, input) => {
    await expectRefusal(() => segmenter.track(input()), 'no-frames');
  });

  test('that a stream is empty', async () => {
    await expectRefusalOf(stream(0), (track) => track.add(click), 'no-frames');
  });

  test.each([3, -1, 0.5])('that there is no frame %f', async (frame) => {
    await expectRefusalOf(frames(3), (track) => track.add({ ...click, frame }), 'no-such-frame');
  });

  test('that a stream has ended before', async () => {
    await expectRefusalOf(stream(2), (track) => track.add({ ...click, frame: 4 }), 'no-such-frame');
  });

  test('that a frame of a stream has passed', async () => {
    await expectRefusalOf(
      stream(9),
      async (track) => {
        await track.add(click);
        await all(track.propagate());
        await track.add({ ...click, frame: 2 });
      },
      'frame-gone',
    );
  });

  test('that a frame has another size, and goes on without it', async () => {
    const mixed = [...frames(2), frame(2, { width: 64, height: 64 })];
    using track = await segmenter.track(mixed);
    await track.add(click);
    await expectRefusal(() => all(track.propagate()), 'frame-size');
    expect(await all(track.propagate({ to: 1 }))).toHaveLength(2);
  });

  test.each([
    ['nothing', { frame: 0, object: 1 }],
    ['no object', { ...click, object: Number.NaN }],
    ['a mask and points', { ...click, mask: { ...SIZE, data: new Uint8Array(64 * 96) } }],
    [
      'a mask of another size',
      { frame: 0, object: 1, mask: { width: 1, height: 1, data: new Uint8Array(1) } },
    ],
    [
      'a box to append',
      { frame: 0, object: 1, append: true, box: { x: 1, y: 1, width: 9, height: 9 } },
    ],
  ])('that a prompt with %s means nothing', async (_, prompt) => {
    await expectRefusalOf(frames(1), (track) => track.add(prompt), 'wrong-prompt');
  });

  test('that a point lies beside the frame', async () => {
    using track = await segmenter.track(frames(1));
    const beside = track.add({ ...click, points: [{ x: 200, y: 3 }] });
    await expect(beside).rejects.toMatchObject({ code: 'outside-image' });
    expect(track.objects).toEqual([]);
  });

  test('that nothing was given', async () => {
    await expectRefusalOf(frames(2), (track) => all(track.propagate()), 'no-prompt');
  });

  test('that all was taken back', async () => {
    await expectRefusalOf(
      frames(2),
      async (track) => {
        await track.add(click);
        await track.clear({ frame: 0, object: 1 });
        await all(track.propagate());
      },
      'no-prompt',
    );
  });

  test('that it does not know an object', async () => {
    await expectRefusalOf(
      frames(1),
      (track) => track.clear({ frame: 0, object: 9 }),
      'unknown-object',
    );
  });

  test('that it is at work', async () => {
    using track = await segmenter.track(frames(1));
    const first = track.add(click);
    await expectRefusal(() => track.add(click), 'busy');
    await first;
  });

  test('that it was disposed of', async () => {
    const track = await segmenter.track(frames(1));
    track.dispose();
    track.dispose();
    await expectRefusal(() => track.add(click), 'disposed');
  });

  test('that bytes are no saved track', async () => {
    await expectRefusal(() => segmenter.resume(frames(1), new Uint8Array(20)), 'saved-state');
    await expectRefusal(() => segmenter.resume(frames(1), writeSafetensors([])), 'saved-state');
    const other = writeSafetensors(
      [],
      [['samgpu.track', JSON.stringify({ version: 1, variant: 'other', size: null, objects: [] })]],
    );
    await expectRefusal(() => segmenter.resume(frames(1), other), 'saved-state');
    const newer = writeSafetensors([], [['samgpu.track', JSON.stringify({ version: 9 })]]);
    await expectRefusal(() => segmenter.resume(frames(1), newer), 'saved-state');
  });
});
