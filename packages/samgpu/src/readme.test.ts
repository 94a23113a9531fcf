/** The code in the project's README runs as it stands there. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { nano } from '@samgpu/nano';
import { colorGrounder } from '@samgpu/testing';
import { expect, test } from 'vitest';

import { type EncodedImage, type Mask, type Segmentation, Segmenter } from './index.ts';

const ROOT = new URL('../../../', import.meta.url);
const PHOTO = fileURLToPath(new URL('packages/cli/assets/coffee.jpg', ROOT));

const blocks = [
  ...readFileSync(new URL('README.md', ROOT), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g),
].map(([, code]) => code ?? '');

/** Runs lines of an example as the body of an async function, imports and photo supplied. */
async function run(code: string, names: Record<string, unknown>, result: string): Promise<unknown> {
  const body = code
    .replaceAll(/^import .*$/gm, '')
    .replaceAll("'photo.jpg'", JSON.stringify(PHOTO));
  const AsyncFunction = (async () => undefined).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<unknown>;
  const example = new AsyncFunction(...Object.keys(names), `${body}\nreturn ${result};`);
  return example(...Object.values(names));
}

test('the examples of the README', async () => {
  expect(blocks).toHaveLength(4);
  const first = (await run(
    blocks[0]!,
    { Segmenter, nano },
    '{ segmenter, image, mask, cutout: mask.cutout({ crop: true }), polygons: mask.toPolygons({ tolerance: 1 }) }',
  )) as {
    segmenter: Segmenter;
    image: EncodedImage;
    mask: Mask;
    cutout: { width: number };
    polygons: unknown[];
  };
  using _segmenter = first.segmenter;
  expect(first.cutout.width).toBe(first.mask.bounds.width);
  expect(first.polygons.length).toBeGreaterThan(0);

  const second = (await run(
    blocks[1]!,
    { image: first.image, mask: first.mask },
    '{ masks, better, objects }',
  )) as { masks: Mask[]; better: Segmentation; objects: Segmentation[] };
  expect(second.masks).toHaveLength(3);
  expect(second.better.mask.area).toBeGreaterThan(0);
  expect(second.objects).toHaveLength(2);

  const drawn: Mask[] = [];
  const draw = (mask: Mask): unknown => drawn.push(mask);
  await run(blocks[2]!, { image: first.image, draw }, 'undefined');
  expect(drawn.length).toBeGreaterThan(10);

  // It knows colours only: of what is named there, red things.
  const names = { image: first.image, grounder: colorGrounder };
  const found = (await run(blocks[3]!, names, 'masks')) as { label: string }[];
  expect(new Set(found.map(({ label }) => label))).toEqual(new Set(['the red car']));
});
