// Models as a new user meets them, as whole processes: a server on this machine, an empty cache.

import { copyFileSync, readFileSync } from 'node:fs';
import { FormulaWeightStore } from '@samgpu/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  type ModelServer,
  startModelServer,
} from '../../../weights/src/download/fixtures/model-server.ts';
import { writeCheckpoint } from '../../../weights/src/pytorch/fixtures/write-checkpoint.ts';
import { coffee, outcomeOf, runSamgpu, startSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import type { ModelDescription } from './describe-model.ts';
import { loadVariant } from './registry.ts';

const folder = new TemporaryFolder();
const checkpoint = folder.at('mobile_sam.pt');
let server: ModelServer;

beforeAll(async () => {
  const { weightShapes } = await loadVariant('mobile-sam');
  await writeCheckpoint(checkpoint, new FormulaWeightStore(weightShapes!(), { seed: 3 }));
  copyFileSync(coffee, folder.at('coffee.jpg'));
  server = await startModelServer({ content: readFileSync(checkpoint) });
});
afterAll(async () => {
  await server?.close();
  folder[Symbol.dispose]();
});

/** A machine that has downloaded nothing yet. */
function freshCache(name: string): Readonly<Record<string, string>> {
  return { SAMGPU_CACHE: folder.at(name) };
}

async function describedModel(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<ModelDescription | undefined> {
  const { stdout } = await runSamgpu(['models', '--json'], { environment });
  return (JSON.parse(stdout) as ModelDescription[]).find((model) => model.name === name);
}

const click = ['segment', 'coffee.jpg', '--point', '300,200', '--backend', 'onnx'];

describe('weights of a server', () => {
  test('are resumed after an interruption, used, and found in the cache', async () => {
    const environment = freshCache('resumed');
    const args = [...click, '--model', 'mobile-sam', '--weights', server.url];
    // Slowly, so that there is time to press Ctrl-C.
    server.behaviour.pause = 1;
    const first = startSamgpu(args, { cwd: folder.path, environment });
    const ended = outcomeOf(first);
    await expect.poll(() => server.sent, { timeout: 30_000 }).toBeGreaterThan(4e6);
    first.kill('SIGINT');
    expect((await ended).code).toBe(130);
    server.behaviour.pause = 0;
    const before = server.log.length;

    const second = await runSamgpu(args, { cwd: folder.path, environment });
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('coffee.mask.png') });
    expect(second.stderr).toMatch(/downloading mobile-sam, 40\.\d MB, going on after \d+\.\d MB\n/);
    expect(second.stderr).toMatch(/downloaded mobile-sam, 40\.\d MB\n/);
    expect(server.log[before]?.range).toMatch(/^bytes=\d{7,}-$/);

    const third = await runSamgpu(args, { cwd: folder.path, environment });
    expect(third).toMatchObject({ code: 0, stderr: '' });
  }, 120_000);

  test('with another hash are refused, and nothing is kept', async () => {
    const base = server.url.replace('/model.safetensors', '');
    const environment = { ...freshCache('refused'), SAMGPU_MODEL_BASE: base };
    // The mirror has a file of the right size, but it is not the official one.
    const { code, stderr } = await runSamgpu(['models', 'download', 'mobile-sam'], { environment });
    expect(code).toBe(2);
    expect(stderr).toMatch(/error: .*(?:40726\d{3}|bytes|SHA-256|sha256)/);
    expect(await describedModel('mobile-sam', environment)).toMatchObject({ state: 'absent' });
  });

  test('that is not there are an error that names it', async () => {
    const environment = { ...freshCache('missing'), SAMGPU_MODEL_BASE: folder.at('nowhere') };
    const { code, stderr } = await runSamgpu(['models', 'download', 'mobile-sam'], { environment });
    expect(code).toBe(2);
    expect(stderr).toContain('nowhere/mobile_sam.pt');
  });
});

test('a file of your own is used where it lies', async () => {
  const args = [...click, '--model', 'mobile-sam', '--weights', checkpoint, '--json'];
  const { code, stdout, stderr } = await runSamgpu(args, { cwd: folder.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ model: 'mobile-sam', masks: [{ object: 1 }] });
});

test.each([
  [['--model', 'edge-sam'], /S-Lab License.*edge_sam_3x\.pth.*--weights/],
  [['--model', 'sam-vit-b', '--weights', checkpoint], /not weights of sam-vit-b.*vision_encoder/],
  [['--model', 'sam-vit-b', '--mode', 'hq-only'], /sam-vit-b has no answers of the mode "hq-only"/],
  [['--model', 'mobile-sam', '--weights', 'none.pt'], /none\.pt/],
])('segment %j says what is wrong, before any work', async (options, message) => {
  const outcome = await runSamgpu([...click, ...options], { cwd: folder.path });
  expect(outcome).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
});

describe('models', () => {
  test('lists what is there', async () => {
    const environment = freshCache('list');
    const states = Object.fromEntries(
      (
        JSON.parse(
          (await runSamgpu(['models', '--json'], { environment })).stdout,
        ) as ModelDescription[]
      ).map(({ name, state }) => [name, state]),
    );
    expect(states).toMatchObject({ nano: 'package', 'sam-vit-h': 'absent', 'edge-sam': 'brought' });
    expect(await describedModel('sam-hq-vit-b', environment)).toMatchObject({
      modes: ['summed', 'hq-only'],
      licence: 'Apache-2.0',
    });
  });

  test('remove says what it did', async () => {
    const environment = freshCache('remove');
    const one = await runSamgpu(['models', 'remove', 'mobile-sam'], { environment });
    expect(one).toMatchObject({ code: 0, stdout: 'mobile-sam: nothing is stored\n' });
    const all = await runSamgpu(['models', 'remove', '--all'], { environment });
    expect(all).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^removed everything in .*: 0 bytes\n/),
    });
    const none = await runSamgpu(['models', 'remove'], { environment });
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') });
    const wrong = await runSamgpu(['models', 'download', 'sam-vit-x'], { environment });
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no model "sam-vit-x"'),
    });
  });

  test('download of what comes along does nothing', async () => {
    const outcome = await runSamgpu(['models', 'download', 'nano'], {
      environment: freshCache('nano'),
    });
    expect(outcome).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('comes with samgpu'),
    });
  });
});
