// Against the real transformers.js, tokenizers, processors, ONNX Runtime and all, on small models of our own
// that have the tensors of its OWL-ViT, OWLv2 and Grounding DINO; see `../fixtures/make-models.py`.

import { fileURLToPath } from 'node:url';

import { env, pipeline, RawImage } from '@huggingface/transformers';
import { nano } from '@samgpu/nano';
import { type Box, type GroundedBox, type PixelImage, Segmenter } from 'samgpu';
import { beforeAll, describe, expect, test } from 'vitest';

import { transformersGrounder, type ZeroShotDetector } from './transformers-grounder.ts';

const RED = { x: 32, y: 16, width: 64, height: 32 };
const BLUE = { x: 0, y: 64, width: 32, height: 48 };

type Name = 'owlvit' | 'owlv2' | 'grounding-dino';

const detectors = new Map<Name, ZeroShotDetector>();
const detector = (name: Name): ZeroShotDetector => detectors.get(name)!;

beforeAll(async () => {
  env.allowRemoteModels = false;
  env.localModelPath = fileURLToPath(new URL('../fixtures/', import.meta.url));
  for (const name of ['owlvit', 'owlv2', 'grounding-dino'] as const) {
    // Of all types of weights these models have one.
    detectors.set(
      name,
      await pipeline('zero-shot-object-detection', name, { dtype: 'fp32', device: 'cpu' }),
    );
  }
});

/** Grey with a red and a blue rectangle. */
function scene(
  width = 128,
  height = 128,
  channels: 3 | 4 = 3,
  [red, blue]: readonly Box[] = [RED, BLUE],
): PixelImage {
  const data = new Uint8Array(width * height * channels).fill(128);
  if (channels === 4) for (let i = 3; i < data.length; i += 4) data[i] = 255;
  const fill = (box: Box, color: readonly number[]): void => {
    for (let y = box.y; y < box.y + box.height; y++) {
      for (let x = box.x; x < box.x + box.width; x++) data.set(color, (y * width + x) * channels);
    }
  };
  fill(red!, [204, 38, 38]);
  fill(blue!, [38, 64, 204]);
  return { width, height, channels, data };
}

/** Around all boxes of a label. */
function around(boxes: readonly GroundedBox[], label: string): Box {
  const own = boxes.filter((one) => one.label === label).map(({ box }) => box);
  const x = Math.min(...own.map((box) => box.x));
  const y = Math.min(...own.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...own.map((box) => box.x + box.width)) - x,
    height: Math.max(...own.map((box) => box.y + box.height)) - y,
  };
}

describe.each<[Name, string]>([
  ['owlvit', 'a RawImage'],
  ['owlvit', 'a PNG'],
  ['owlv2', 'a RawImage'],
  ['owlv2', 'a PNG'],
  ['grounding-dino', 'a RawImage'],
  ['grounding-dino', 'a PNG'],
])('%s with the picture as %s', (name, form) => {
  const options = form === 'a PNG' ? {} : { RawImage };

  test.each([3, 4] as const)('finds what the words name, in %i channels', async (channels) => {
    const grounder = transformersGrounder(detector(name), options);
    expect(grounder.name).toBe(name);
    const found = await grounder.ground(scene(128, 128, channels), 'Red cup. Blue thing, green', {
      minScore: 0.5,
    });
    expect(new Set(found.map(({ label }) => label))).toEqual(new Set(['Red cup', 'Blue thing']));
    expect(around(found, 'Red cup')).toEqual(RED);
    expect(around(found, 'Blue thing')).toEqual(BLUE);
    // Cells of the colour of the word, with the logit 4.
    const certain = 1 / (1 + Math.exp(-4));
    for (const { score } of found) expect(score).toBeCloseTo(certain, 2);
    expect(found).toHaveLength(4 * 2 + 2 * 3);
  });
});

test.each([
  [256, 128],
  [128, 256],
])('boxes are those of a picture of %i x %i', async (width, height) => {
  const red = { x: 32, y: 32, width: 64, height: 32 };
  const blue = { x: 0, y: 96, width: 32, height: 32 };
  for (const name of ['owlvit', 'owlv2', 'grounding-dino'] as const) {
    const picture = scene(width, height, 3, [red, blue]);
    const grounder = transformersGrounder(detector(name), { RawImage });
    const found = await grounder.ground(picture, 'red, blue', { minScore: 0.5 });
    expect([around(found, 'red'), around(found, 'blue')]).toEqual([red, blue]);
    // OWLv2 sees a square, of which the picture is a half, the others a picture that was stretched.
    expect(found).toHaveLength(name === 'owlv2' ? 2 + 1 : 4 + 2);
  }
});

test('the least score is that of the search, else the own one', async () => {
  const counts = async (grounder: ReturnType<typeof transformersGrounder>) => [
    (await grounder.ground(scene(), 'red', {})).length,
    (await grounder.ground(scene(), 'red', { minScore: 0.99 })).length,
  ];
  const owl = detector('owlvit');
  expect(await counts(transformersGrounder(owl, { RawImage }))).toEqual([8, 0]);
  expect(await counts(transformersGrounder(owl, { RawImage, threshold: 0.99 }))).toEqual([0, 0]);
});

test('words become masks', async () => {
  using segmenter = await Segmenter.load(nano, { backend: 'onnx' });
  using image = await segmenter.encode(scene());
  const grounder = transformersGrounder(detector('grounding-dino'), { RawImage });
  const { masks } = await image.segmentText('the red cup', { grounder });
  expect(new Set(masks.map(({ label }) => label))).toEqual(new Set(['the red cup']));
  // Its boxes are cells, and what nano makes of a part of a plain area is mostly that area.
  const { x, y, width, height } = RED;
  for (const { mask } of masks) {
    let inside = 0;
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++)
        inside += mask.contains(column, row) ? 1 : 0;
    }
    expect(inside / mask.area).toBeGreaterThan(0.5);
  }
});

test('nothing is found where nothing is named', async () => {
  const grounder = transformersGrounder(detector('owlvit'), { RawImage });
  expect(await grounder.ground(scene(), ' . , ', {})).toEqual([]);
});

test('a pipeline of another kind is refused, unless its family is named', async () => {
  const other = Object.assign(() => Promise.resolve({ label: 'cat' }), {
    model: { config: { model_type: 'vit' } },
  });
  expect(() => transformersGrounder(other)).toThrow('"vit"');
  const named = transformersGrounder(other, { family: 'owlvit', RawImage });
  await expect(named.ground(scene(), 'red', {})).rejects.toMatchObject({ code: 'invalid-answer' });
  const placeless = transformersGrounder(() => Promise.resolve([{ score: 1 }]), {
    family: 'owlvit',
    RawImage,
  });
  await expect(placeless.ground(scene(), 'red', {})).rejects.toThrow('box 0 has no place');
});

test('an abort ends it before and after the detector', async () => {
  const grounder = transformersGrounder(detector('owlvit'), { RawImage });
  const controller = new AbortController();
  const asked = grounder.ground(scene(), 'red', { signal: controller.signal });
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(asked).rejects.toBe(reason);
});
