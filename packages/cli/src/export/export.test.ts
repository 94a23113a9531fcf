// `samgpu export` as a whole process: what it writes is run by ONNX Runtime alone, by the example beside it.
import { execFileSync, execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  compareWithExample,
  hasOnnxChecker,
  installExample,
  python,
} from '../fixtures/run-export.ts';
import { coffee, runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import type { ModelFacts } from './model-facts.ts';

const nano = fileURLToPath(
  new URL('../../../../models/nano/weights/nano.safetensors', import.meta.url),
);

let place: TemporaryFolder;
let photo: string;
beforeAll(async () => {
  place = new TemporaryFolder();
  photo = place.at('photo.png');
  // As wide as nano's square, so that nothing is resampled: sharp's filter is another than OpenCV's.
  await sharp(coffee).resize(384, 256).png().toFile(photo);
});
afterAll(() => place[Symbol.dispose]());

const exportNano = (...args: string[]) =>
  runSamgpu(['export', '--onnx', '--model', 'nano', ...args], { cwd: place.path });

test.each([
  { name: 'as it is', options: [], files: [] },
  { name: 'of another size', options: ['--prompts', '3', '--tokens', '9'], files: [] },
  {
    name: 'with weights beside it',
    options: ['--external-data'],
    files: ['decoder.onnx.data', 'encoder.onnx.data'],
  },
])('nano $name gives the mask that it gives here', async ({ options, files }) => {
  const folder = place.at(`nano${options.join('')}`);
  expect(await exportNano('--output', folder, ...options)).toMatchObject({ code: 0, stderr: '' });
  const always = ['README.md', 'decoder.onnx', 'encoder.onnx', 'manifest.json', 'model.json'];
  expect(place.list(folder.slice(place.path.length + 1))).toEqual(
    [...always, 'segment.mjs', ...files].sort(),
  );
  installExample(folder);
  const agreement = await compareWithExample(folder, photo, [186, 86], ['--model', 'nano']);
  // Both compute in float32 on the same runtime; pixels at the threshold may fall to either side.
  expect(agreement).toBeGreaterThan(0.999);
});

test('nano in int8 gives the mask of the weights that are converted so', async () => {
  const folder = place.at('nano-int8');
  await exportNano('--dtype', 'int8', '--output', folder);
  const sizes = ['encoder.onnx', 'decoder.onnx'].map(
    (name) => readFileSync(`${folder}/${name}`).length,
  );
  expect(sizes[0]! + sizes[1]!).toBeLessThan(4e6); // 5.2 MB in f16
  const weights = place.at('weights-int8');
  await runSamgpu(['convert', nano, '--dtype', 'int8', '--output', weights]);
  installExample(folder);
  const options = ['--model', 'nano', '--weights', weights];
  expect(await compareWithExample(folder, photo, [186, 86], options)).toBeGreaterThan(0.999);
});

test('the files beside the models say what goes in and comes out', async () => {
  const folder = place.at('described');
  const { stdout } = await exportNano('--output', folder, '--json', '--prompts', '2');
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'onnx', model: 'nano', output: folder });
  const facts = JSON.parse(readFileSync(`${folder}/model.json`, 'utf8')) as ModelFacts;
  expect(facts.encoder.inputs).toEqual([{ name: 'image', dtype: 'f32', shape: [1, 384, 384, 3] }]);
  expect(facts.decoder.inputs).toContainEqual({ name: 'labels', dtype: 'i32', shape: [2, 6] });
  expect(facts.tokens.click).toEqual([
    { x: 0, y: 0, label: -1 },
    { x: 0, y: 0, label: -1 },
    { x: null, y: null, label: 1 },
  ]);
  expect(facts.tokens.box?.map(({ label }) => label)).toEqual([2, 3, -1]);
  const readme = readFileSync(`${folder}/README.md`, 'utf8');
  for (const { name, shape } of [...facts.encoder.inputs, ...facts.decoder.outputs]) {
    expect(readme).toMatch(new RegExp(`\\| \`${name}\` \\| float32 \\| ${shape.join(' x ')} \\|`));
  }
});

test.skipIf(!hasOnnxChecker())('the check of the README passes (needs python3-onnx)', async () => {
  const folder = place.at('checked');
  await exportNano('--dtype', 'int8', '--external-data', '--output', folder);
  const readme = readFileSync(`${folder}/README.md`, 'utf8');
  const command = /^python3 -c .*$/m.exec(readme)?.[0].replace('python3', python);
  expect(command).toBeDefined();
  expect(() => execSync(command!, { cwd: folder, stdio: 'pipe' })).not.toThrow();
  // And it is no check that always passes.
  execFileSync(
    process.execPath,
    [
      '-e',
      `const fs = require('fs'); fs.writeFileSync('encoder.onnx', fs.readFileSync('encoder.onnx').subarray(0, 5000))`,
    ],
    { cwd: folder },
  );
  expect(() => execSync(command!, { cwd: folder, stdio: 'pipe' })).toThrow(/Command failed/);
});

test.each([
  {
    args: ['--tokens', '2'],
    message: '--tokens 2 has no room for one click, which is 3 tokens for nano',
  },
  { args: ['--weights', 'none.safetensors'], message: 'none.safetensors' },
  { args: ['--prompts', '0'], message: 'Wanted a whole number from 1 on.' },
])('$message', async ({ args, message }) => {
  const { code, stderr } = await exportNano('--output', place.at('refused'), ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(existsSync(place.at('refused'))).toBe(false);
});
