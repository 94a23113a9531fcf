// The example beside exported models, for every way in which a model takes pictures and gives masks.
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { writeFormulaCheckpoint } from '../fixtures/formula-checkpoint.ts';
import { compareWithExample, installExample } from '../fixtures/run-export.ts';
import { coffee, runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';

vi.setConfig({ testTimeout: 300_000 });

let place: TemporaryFolder;
beforeAll(async () => {
  place = new TemporaryFolder();
  // Of the models' own size, so that nothing is resampled: sharp's filter is not theirs.
  await sharp(coffee).resize(1024, 683).png().toFile(place.at('wide.png'));
  await sharp(coffee).resize(1024, 1024, { fit: 'fill' }).png().toFile(place.at('square.png'));
});
afterAll(() => place[Symbol.dispose]());

test.each([
  { model: 'mobile-sam', photo: 'wide.png' },
  { model: 'sam-hq-vit-tiny', photo: 'wide.png' },
  { model: 'efficient-sam-ti', photo: 'square.png' },
  { model: 'edge-sam', photo: 'wide.png' },
  { model: 'sam2.1-tiny', photo: 'square.png' },
])('$model', async ({ model, photo }) => {
  const weights = await writeFormulaCheckpoint(model, place.at(`${model}-weights`));
  const folder = place.at(model);
  const options = ['--model', model, '--weights', weights];
  expect(await runSamgpu(['export', '--output', folder].concat(options))).toMatchObject({
    code: 0,
  });
  installExample(folder);
  const agreement = await compareWithExample(folder, place.at(photo), [500, 300], options);
  // Masks of pseudorandom weights are noise with long outlines, and pixels there fall to either side.
  expect(agreement).toBeGreaterThan(0.999);
});
