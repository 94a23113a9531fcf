import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { isSoftwareAdapter } from '@samgpu/webgpu';
import { missingGpu } from '@samgpu/webgpu/availability';
import { describe, expect, test } from 'vitest';

import { chooseBackend } from './choose-backend.ts';
import { SegmenterError } from './segmenter-error.ts';

const gpu = await openTestDevice();

test('auto takes a real GPU, else ONNX Runtime, and says why', async () => {
  const { backend, info } = await chooseBackend('auto');
  backend.dispose();
  expect(info.kind).toBe(backend.kind);
  // Where there is no device of a GPU no driver was asked.
  const expected = missingGpu() ?? (info.kind === 'webgpu' ? 'a GPU is there' : 'no WebGPU: ');
  expect(info.reason).toContain(expected);
});

test('onnx is taken where it is asked for', async () => {
  const { backend, info } = await chooseBackend('onnx');
  backend.dispose();
  expect(info.kind).toBe('onnx');
  expect(info.reason).toMatch(/^asked for; /);
});

describe.skipIf(gpu === undefined)(`choosing WebGPU${missingDevice()}`, () => {
  test('a software adapter will do where WebGPU is asked for', async () => {
    const { backend, info } = await chooseBackend('webgpu');
    backend.dispose();
    expect(info).toEqual({
      kind: 'webgpu',
      description: expect.stringMatching(/^webgpu, ./),
      reason: 'asked for',
    });
  });

  test('auto takes the device that the caller brings along, and leaves it alive', async () => {
    const { device } = gpu!;
    const { backend, info } = await chooseBackend('auto', { webgpu: { device } });
    expect(info.kind).toBe('webgpu');
    backend.dispose();
    expect(await Promise.race([device.lost, Promise.resolve('alive')])).toBe('alive');
  });

  test('what cannot be opened is an error where it is asked for, and a reason for auto', async () => {
    const adapter = (await (await createNodeGpu([])).requestAdapter())!;
    const webgpu = { adapter, software: !isSoftwareAdapter(adapter.info) };
    // An adapter gives one device; a real one is used up first.
    await adapter.requestDevice();
    const error: unknown = await chooseBackend('webgpu', { webgpu }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SegmenterError);
    expect((error as SegmenterError).code).toBe('backend-unavailable');
    const { backend, info } = await chooseBackend('auto', { webgpu });
    backend.dispose();
    expect(info.kind).toBe('onnx');
    expect(info.reason).toContain((error as SegmenterError).message);
  });
});
