/** The same work through the engine in this thread and in another one. */
import { Worker } from 'node:worker_threads';

import { Mask, rleIou } from '@samgpu/mask';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { narrowWeights } from '../../../../models/sam2/src/fixtures/narrow-network.ts';
import { variant } from '../../../../models/sam2/src/fixtures/narrow-variant.ts';
import { nano } from '@samgpu/nano';
import { Segmenter } from 'samgpu';
import { movingShapes, trueMask } from '../../../samgpu/src/frames/fixtures/moving-shapes.ts';
import { createEngine, createWorkerEngine, type Engine } from '../index.ts';
import { shapesVideo } from '../fixtures/shapes-video.ts';
import { VideoSession } from './video-session.ts';

/** Other tests may have the processor. */
const PATIENCE = { timeout: 60_000 };
const COUNT = 12;
const DISC = { x: 16, y: 22, label: 'include' } as const;
const SQUARE = { x: 78, y: 14, label: 'include' } as const;

let weights: Uint8Array;
/** Masks of the library itself, by frame and object; and of the first one after a correction. */
const wanted = new Map<string, Mask>();
const corrected = new Map<number, Mask>();
const CORRECTION = Mask.fromBitmap(trueMask(6, 0));

beforeAll(async () => {
  weights = await narrowWeights();
  using segmenter = await Segmenter.load(variant, { backend: 'onnx', weights });
  const frames = Array.from({ length: COUNT }, (_, frame) => movingShapes(frame));
  using track = await segmenter.track(frames);
  await track.add({ frame: 0, object: 1, points: [DISC] });
  await track.add({ frame: 0, object: 2, points: [SQUARE] });
  for await (const { frame, objects } of track.propagate()) {
    for (const { object, mask } of objects) wanted.set(`${frame} ${object}`, mask);
  }
  track.remove(2);
  const { objects } = await track.add({ frame: 6, object: 1, mask: CORRECTION });
  corrected.set(6, objects[0]!.mask);
  for await (const { frame, objects } of track.propagate({ from: 6 })) {
    corrected.set(frame, objects[0]!.mask);
  }
});

const engines: readonly (readonly [string, () => Engine])[] = [
  ['page', () => createEngine({ variants: [variant, nano], segmenter: { backend: 'onnx' } })],
  [
    'worker',
    () =>
      createWorkerEngine(
        () =>
          new Worker(new URL('../fixtures/video-thread.ts', import.meta.url), {
            execArgv: ['--conditions=@samgpu/source'],
            workerData: { backend: 'onnx' },
          }),
      ),
  ],
];

describe.each(engines)('a video through the engine in a %s', (_, make) => {
  let engine: Engine;
  beforeAll(() => {
    engine = make();
  });
  afterAll(() => engine.dispose());

  async function opened(count = COUNT, expected = count): Promise<VideoSession> {
    const session = new VideoSession({ engine });
    await session.load({ name: variant.name, weights });
    await session.open(shapesVideo(count, expected));
    return session;
  }

  async function settled(session: VideoSession): Promise<void> {
    await expect.poll(() => session.snapshot.asking, PATIENCE).toBe(false);
  }

  /** By frame, of the object of that number. */
  function masksOf(session: VideoSession, number: number): (Mask | undefined)[] {
    const { id } = session.snapshot.objects.find((object) => object.number === number)!;
    const { count } = session.snapshot.video!;
    return Array.from({ length: count }, (_, frame) => session.maskAt(id, frame));
  }

  test('finds what the library finds, as it goes', async () => {
    using session = await opened();
    expect(session.snapshot.video).toMatchObject({ width: 96, height: 64, count: COUNT });
    session.addPoint(DISC);
    session.select(null);
    session.addPoint(SQUARE);
    await settled(session);
    expect(session.snapshot.masks.map(({ object }) => object.name)).toEqual([
      'Object 1',
      'Object 2',
    ]);
    expect(session.snapshot).toMatchObject({ isOutdated: true, following: null });
    const seen: number[] = [];
    const told: (readonly [done: number, total: number])[] = [];
    session.subscribe(() => {
      const { following } = session.snapshot;
      if (following && following.done > 0 && seen.at(-1) !== following.frame) {
        seen.push(following.frame);
        told.push([following.done, following.total]);
      }
    });
    expect(await session.follow()).toBe(true);
    expect(seen).toEqual(Array.from({ length: COUNT }, (_, frame) => frame));
    expect(told).toEqual(seen.map((frame) => [frame + 1, COUNT]));
    for (const number of [1, 2]) {
      masksOf(session, number).forEach((mask, frame) => {
        const own = wanted.get(`${frame} ${number}`)!;
        expect(rleIou(mask!.toRle(), own.toRle()), `frame ${frame}`).toBe(1);
      });
    }
    const [disc] = session.snapshot.objects;
    const spans = session.coverageOf(disc!.id);
    expect([spans[0]!.from, spans.at(-1)!.to]).toEqual([0, COUNT - 1]);
    expect(session.snapshot).toMatchObject({ isOutdated: false, following: null });
    await expect.poll(() => session.snapshot.shown, PATIENCE).toBe(COUNT - 1);
  });

  test('goes back, and to the ends of the range only', async () => {
    using session = await opened();
    session.setRange({ from: 2, to: 8 });
    await session.seek(5);
    session.addPoint({ x: 19, y: 25, label: 'include' });
    await settled(session);
    await session.follow('backward');
    const found = (): number[] =>
      masksOf(session, 1).flatMap((mask, frame) => (mask ? [frame] : []));
    expect(found()).toEqual([2, 3, 4, 5]);
    await session.follow('all');
    expect(found()).toEqual([2, 3, 4, 5, 6, 7, 8]);
    session.setRange({ to: 1 });
    expect(session.snapshot.range).toEqual({ from: 1, to: 1 });
  });

  test('is corrected on a later frame, and goes on from there', async () => {
    using session = await opened();
    session.addPoint(DISC);
    await session.follow();
    const { id } = session.snapshot.objects[0]!;
    await session.seek(6);
    session.setMask(CORRECTION);
    await settled(session);
    expect(rleIou(session.maskAt(id, 6)!.toRle(), CORRECTION.toRle())).toBeGreaterThan(0.8);
    expect(session.promptFramesOf(id)).toEqual([0, 6]);
    const earlier = session.maskAt(id, 3)!;
    await session.follow('forward');
    expect(session.maskAt(id, 3)!.toRle()).toEqual(earlier.toRle());
    for (const [frame, mask] of corrected) {
      expect(rleIou(session.maskAt(id, frame)!.toRle(), mask.toRle()), `frame ${frame}`).toBe(1);
    }
  });

  test('stops when asked to, and when something is said; what was found stays', async () => {
    using session = await opened(60);
    session.addPoint(DISC);
    await settled(session);
    const stop = session.subscribe(() => {
      if ((session.snapshot.following?.done ?? 0) >= 4) session.cancel();
    });
    expect(await session.follow()).toBe(false);
    stop();
    expect(session.snapshot).toMatchObject({ following: null, error: null });
    const count = masksOf(session, 1).filter(Boolean).length;
    expect(count).toBeGreaterThanOrEqual(4);
    expect(count).toBeLessThan(10);

    const say = session.subscribe(() => {
      if ((session.snapshot.following?.done ?? 0) < 3) return;
      say();
      session.addPoint({ x: 80, y: 50, label: 'exclude' });
    });
    expect(await session.follow()).toBe(false);
    await settled(session);
    expect(session.snapshot.error).toBeNull();
    expect(session.snapshot.isOutdated).toBe(true);
    session.setRange({ to: 5 });
    expect(await session.follow()).toBe(true);
  });

  test('undo goes to the frame and takes back what was said there', async () => {
    using session = await opened();
    session.addPoint(DISC);
    await session.seek(4);
    session.setBox({ x: 10, y: 14, width: 20, height: 20 });
    await settled(session);
    await session.seek(9);
    session.undo();
    await expect.poll(() => session.snapshot.shown, PATIENCE).toBe(4);
    await settled(session);
    expect(session.snapshot.prompts).toEqual([]);
    expect(session.snapshot.masks).toEqual([]);
    session.undo();
    expect(session.snapshot.objects).toEqual([]);
    await expect(session.follow()).rejects.toMatchObject({ code: 'no-draft' });
    session.redo();
    session.redo();
    await settled(session);
    await expect.poll(() => session.snapshot.masks.length, PATIENCE).toBe(1);
    expect(session.snapshot.prompts).toMatchObject([{ kind: 'box' }]);
  });

  test('a file that promised more frames than it has', async () => {
    using session = await opened(20, 23);
    expect(session.snapshot.video).toMatchObject({ count: 23, isCountSure: false });
    session.addPoint(DISC);
    expect(await session.follow()).toBe(true);
    expect(session.snapshot.video).toMatchObject({ count: 20, isCountSure: true });
    expect(session.snapshot.range).toEqual({ from: 0, to: 19 });
    using other = await opened(20, 23);
    await other.seek(22);
    expect(other.snapshot).toMatchObject({ frame: 19, shown: 19, video: { count: 20 } });
  });

  test('is saved, restored as it was, and goes on', async () => {
    using session = await opened();
    session.addPoint(DISC);
    session.setRange({ to: 5 });
    await session.follow();
    const state = JSON.parse(JSON.stringify(session.save())) as ReturnType<VideoSession['save']>;
    using again = VideoSession.restore(state, { engine });
    await again.open(shapesVideo(COUNT), { keepDocument: true });
    expect(again.snapshot).toMatchObject({
      objects: session.snapshot.objects,
      range: { from: 0, to: 5 },
      shown: 5,
      isOutdated: false,
    });
    masksOf(again, 1).forEach((mask, frame) => {
      expect(mask?.toRle()).toEqual(masksOf(session, 1)[frame]?.toRle());
    });
    await again.load({ name: variant.name, weights });
    again.setRange({ to: 8 });
    expect(await again.follow()).toBe(true);
    expect(masksOf(again, 1).filter(Boolean)).toHaveLength(9);

    using wrong = VideoSession.restore(state, { engine });
    await expect(wrong.open(shapesVideo(9), { keepDocument: true })).rejects.toMatchObject({
      code: 'invalid-state',
    });
    const broken = { ...state, video: { ...state.video, count: 3 } };
    expect(() => VideoSession.restore(broken, { engine })).toThrow(/nothing was restored/);
  });

  test('says what it cannot do', async () => {
    using session = new VideoSession({ engine });
    expect(() => session.addPoint(DISC)).toThrow(/open a video first/);
    await expect(session.load('mega')).rejects.toMatchObject({ code: 'unknown-model' });
    const fails = { name: 'no.webm', open: () => Promise.reject(new Error('no video')) };
    await expect(session.open(fails)).rejects.toMatchObject({ code: 'failed' });
    expect(session.snapshot.error).toMatchObject({ message: 'no video' });
    await session.open(shapesVideo(COUNT));
    expect(session.snapshot.error).toBeNull();
    await expect(session.follow()).rejects.toMatchObject({ code: 'no-model' });
    await expect(session.load('nano')).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('reads one frame at a time, the latest wish first, and closes what it opened', async () => {
    const session = new VideoSession({ engine });
    const video = shapesVideo(COUNT);
    await session.open(video);
    const before = video.reads.length;
    const wishes = [1, 2, 3, 4, 5, 6, 7].map((frame) => session.seek(frame));
    await Promise.all(wishes);
    expect(session.snapshot.shown).toBe(7);
    expect(video.reads.slice(before)).toEqual([1, 7]);
    session.dispose();
    expect(video.isOpen()).toBe(0);
    await expect(session.seek(1)).rejects.toMatchObject({ code: 'disposed' });
  });
});
