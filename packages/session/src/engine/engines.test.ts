/** One suite for the engine in the page, in a worker and behind HTTP: they answer alike. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { Mask, rleIou } from '@samgpu/mask';
import { nano } from '@samgpu/nano';
import { colorGrounder } from '@samgpu/testing';
import { matte, type PixelImage, readImage, Segmenter, type TextResult } from 'samgpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  createEngine,
  createHttpEngine,
  createWorkerEngine,
  type Engine,
  type EngineProgress,
  type FoundObject,
  type SegmentRequest,
  SessionError,
} from '../index.ts';
import { createEngineHandler } from '../server/index.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url));
const SPOON = { x: 365, y: 290 };
const CLICK: SegmentRequest = { points: [SPOON], answers: 'ambiguous' };

const pageEngine = (): Engine =>
  createEngine({ variants: [nano], segmenter: { backend: 'onnx' }, grounder: colorGrounder });

const startThread = (): Worker =>
  new Worker(new URL('../fixtures/engine-thread.ts', import.meta.url), {
    execArgv: ['--conditions=@samgpu/source'],
  });

let server: Server;
let url: string;
let served: Engine;
let pixels: PixelImage;
let reference: Engine;
let expected: Awaited<ReturnType<Engine['segment']>>;
let whiteThings: TextResult;

beforeAll(async () => {
  served = pageEngine();
  const handler = createEngineHandler(served, { maxImages: 2 });
  server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  pixels = await readImage(PHOTO);
  reference = pageEngine();
  const model = await reference.load({ name: 'nano' });
  const picture = await reference.encode(model.id, pixels);
  expected = await reference.segment(picture.id, CLICK);
  using segmenter = await Segmenter.load(nano, { backend: 'onnx' });
  using image = await segmenter.encode(pixels);
  whiteThings = await image.segmentText('white thing', { grounder: colorGrounder });
});

afterAll(() => {
  server.close();
  served.dispose();
  reference.dispose();
});

const engines: readonly (readonly [string, () => Engine])[] = [
  ['page', pageEngine],
  ['worker', () => createWorkerEngine(startThread)],
  ['http', () => createHttpEngine(url)],
];

describe.each(engines)('%s engine', (kind, make) => {
  let engine: Engine;
  beforeAll(() => {
    engine = make();
  });
  afterAll(() => engine.dispose());

  async function encoded(image: Parameters<Engine['encode']>[1] = pixels): Promise<string> {
    const model = await engine.load({ name: 'nano' });
    const { id, width, height } = await engine.encode(model.id, image);
    expect([width, height]).toEqual([600, 400]);
    engine.release(model.id); // The image needs it no longer.
    return id;
  }

  test('says which models there are', async () => {
    expect(engine.kind).toBe(kind);
    expect(await engine.models()).toMatchObject([
      {
        name: 'nano',
        licence: { name: 'Apache-2.0' },
        bytes: nano.weights.bytes,
        capabilities: { includePoints: true, previousMask: true, everything: true, text: true },
      },
    ]);
  });

  test('loads with progress, and says where it runs', async () => {
    const stages = new Set<EngineProgress['stage']>();
    const model = await engine.load(
      { name: 'nano', backend: 'onnx' },
      { onProgress: ({ stage }) => stages.add(stage) },
    );
    expect(model).toMatchObject({ name: 'nano', backend: { kind: 'onnx' }, warnings: [] });
    expect([...stages]).toContain('compile');
    engine.release(model.id);
  });

  test.each(['pixels', 'a file', 'bytes'])('segments %s as the page does', async (form) => {
    const bytes = await readFile(PHOTO);
    const image = form === 'pixels' ? pixels : form === 'a file' ? new Blob([bytes]) : bytes;
    const picture = await encoded(image);
    const { candidates } = await engine.segment(picture, CLICK);
    expect(candidates).toHaveLength(expected.candidates.length);
    candidates.forEach(({ mask, kind }, i) => {
      const wanted = expected.candidates[i]!;
      expect(rleIou(mask.toRle(), wanted.mask.toRle())).toBe(1);
      expect(mask.score).toBe(wanted.mask.score);
      expect(mask.stability).toBe(wanted.mask.stability);
      expect(mask.logits).toEqual(wanted.mask.logits);
      expect(kind).toBe(wanted.kind);
    });
    engine.release(picture);
  });

  test('feeds logits and masks back alike', async () => {
    const picture = await encoded();
    const twoPoints = { points: [SPOON, { x: 330, y: 300, label: 'exclude' }] } as const;
    const { mask } = expected.candidates[0]!;
    const byLogits = { ...twoPoints, mask: mask.logits!, answers: 'clear' } as const;
    const [fed, fedMask, fedBitmap] = await Promise.all([
      engine.segment(picture, byLogits),
      engine.segment(picture, { ...byLogits, mask }),
      engine.segment(picture, { ...byLogits, mask: Mask.fromBitmap(mask) }),
    ]);
    const rle = fed.candidates[0]!.mask.toRle();
    expect(rleIou(fedMask.candidates[0]!.mask.toRle(), rle)).toBe(1);
    expect(fedBitmap.candidates[0]!.mask.area).toBeGreaterThan(0);
    // What was fed is whole afterwards.
    expect(mask.logits!.data).toHaveLength(mask.logits!.width * mask.logits!.height);
    engine.release(picture);
  });

  test('finds everything, as it goes', async () => {
    const picture = await encoded();
    const streamed: FoundObject[] = [];
    let last: EngineProgress | undefined;
    const found = await engine.everything(
      picture,
      { pointsPerSide: 8 },
      {
        onFound: (one) => streamed.push(one),
        onProgress: (progress) => {
          last = progress;
        },
      },
    );
    expect(found.length).toBeGreaterThan(3);
    expect(streamed.length).toBeGreaterThan(3);
    expect(last).toMatchObject({ stage: 'everything', loaded: 64, total: 64 });
    expect(found[0]!.mask.width).toBe(600);
    engine.release(picture);
  });

  test('finds by words as the page does', async () => {
    const picture = await encoded();
    const streamed: FoundObject[] = [];
    const told: EngineProgress[] = [];
    const found = await engine.findText(picture, 'white thing', {
      onFound: (one) => streamed.push(one),
      onProgress: (progress) => told.push(progress),
    });
    const plain = (from: readonly FoundObject[]) =>
      from.map(({ mask, label, boxScore }) => ({ rle: mask.toRle(), label, boxScore }));
    expect(plain(found)).toEqual(plain(whiteThings.masks));
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]!.mask.score).toBe(whiteThings.masks[0]!.mask.score);
    expect(plain(streamed)).toEqual(plain(found));
    expect(told[0]).toMatchObject({ stage: 'text', loaded: 0 });
    expect(told.at(-1)).toMatchObject({ stage: 'text', total: told.at(-1)!.loaded });
    await expect(engine.findText(picture, ' ')).rejects.toMatchObject({
      code: 'failed',
      cause: { name: 'GrounderError', code: 'no-words' },
    });
    engine.release(picture);
  });

  test('refines edges as the page does', async () => {
    const picture = await encoded();
    const { mask } = expected.candidates[0]!;
    const stages = new Set<EngineProgress['stage']>();
    const { alpha, bounds, width, height } = await engine.matte(
      picture,
      mask,
      { method: 'fast' },
      { onProgress: ({ stage }) => stages.add(stage) },
    );
    const wanted = await matte(pixels, mask, { method: 'fast' });
    expect([width, height]).toEqual([600, 400]);
    expect(bounds).toEqual(wanted.bounds);
    expect(alpha).toEqual(wanted.alpha);
    expect([...stages]).toEqual(['matte']);
    engine.release(picture);
  });

  test('gives up when asked to, and goes on afterwards', async () => {
    const picture = await encoded();
    const controller = new AbortController();
    const search = engine.everything(
      picture,
      { pointsPerSide: 32 },
      { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) },
    );
    await expect(search).rejects.toThrow('enough');
    await expect(
      engine.segment(picture, CLICK, { signal: AbortSignal.abort(new Error('too late')) }),
    ).rejects.toThrow('too late');
    expect((await engine.segment(picture, CLICK)).candidates).toHaveLength(4);
    engine.release(picture);
  });

  test('errors keep their code and say what to do', async () => {
    await expect(engine.load({ name: 'mega' })).rejects.toMatchObject({
      name: 'SessionError',
      code: 'unknown-model',
      message: 'no model "mega"; this engine offers "nano"',
    });
    await expect(engine.segment('image-999', CLICK)).rejects.toMatchObject({ code: 'image-lost' });
    const model = await engine.load({ name: 'nano' });
    const corrupt = engine.encode(model.id, new Blob([Uint8Array.of(1, 2, 3)]));
    const error = await corrupt.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({
      code: 'failed',
      cause: { name: 'ImageError', code: 'unsupported-format' },
    });
    const picture = await encoded();
    await expect(
      engine.segment(picture, { points: [{ x: 700, y: 1 }], answers: 'clear' }),
    ).rejects.toMatchObject({ code: 'failed', cause: { code: 'outside-image' } });
    engine.release(picture);
    await expect(engine.segment(picture, CLICK)).rejects.toMatchObject({ code: 'image-lost' });
  });

  test('refuses after it was disposed of', async () => {
    const other = make();
    await other.models();
    other.dispose();
    await expect(other.load({ name: 'nano' })).rejects.toMatchObject({ code: 'disposed' });
  });
});

test.each([
  ['none', () => undefined],
  ['one that does not come', () => Promise.reject(new Error('not found'))],
])('an engine with no grounder (%s) finds nothing by words, and says so', async (_, make) => {
  const grounder = make();
  const engine = createEngine({
    variants: [nano],
    segmenter: { backend: 'onnx' },
    ...(grounder && { grounder }),
  });
  expect((await engine.models())[0]!.capabilities.text).toBe(false);
  const model = await engine.load({ name: 'nano' });
  expect(model.capabilities.text).toBe(false);
  const picture = await engine.encode(model.id, pixels);
  await expect(engine.findText(picture.id, 'cup')).rejects.toMatchObject({ code: 'unsupported' });
  engine.dispose();
});

test('a worker that dies is reported, and can be started anew', async () => {
  let thread: Worker | undefined;
  const engine = createWorkerEngine(() => {
    thread = startThread();
    return thread;
  });
  const losses: string[] = [];
  engine.onLost(({ code }) => losses.push(code));
  const { id } = await engine.load({ name: 'nano' });
  const crash = { kind: 'crash' };
  thread!.postMessage(crash, []);
  // It takes a while, so that the crash is heard first.
  const encoding = engine.encode(id, pixels);
  await expect(encoding).rejects.toMatchObject({ code: 'engine-lost' });
  await expect.poll(() => losses).toEqual(['engine-lost']);
  await expect(engine.models()).rejects.toMatchObject({ code: 'engine-lost' });
  await engine.restart();
  const model = await engine.load({ name: 'nano' });
  const picture = await engine.encode(model.id, pixels);
  expect((await engine.segment(picture.id, CLICK)).candidates).toHaveLength(4);
  engine.dispose();
  expect(losses).toHaveLength(1);
});

test('a worker that cannot start is reported', async () => {
  const engine = createWorkerEngine(() => new Worker('throw new Error("no")', { eval: true }));
  await expect(engine.models()).rejects.toMatchObject({
    code: 'engine-lost',
    message:
      'the worker of the engine is gone: no; start it anew with restart(), or session.recover()',
  });
  engine.dispose();
});
