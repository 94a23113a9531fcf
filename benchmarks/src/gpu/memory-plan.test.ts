/** What SAM's encoders need on a GPU, by plan: no device is needed to know. */
import { trace, type WeightInfo } from '@samgpu/graph';
import {
  encodeImage,
  type ImageEncoderConfig,
  maskDecoder,
  samVitB,
  vitB,
  vitH,
  weightShapes,
} from '@samgpu/sam';
import { traceDecoder, traceEncoder } from '@samgpu/variant';
import { planMemory, WebGpuError } from '@samgpu/webgpu';
import { expect, test } from 'vitest';

function planOf(config: ImageEncoderConfig): ReturnType<typeof planMemory> {
  const manifest = new Map<string, WeightInfo>(
    [...weightShapes(config, maskDecoder)].map(([path, shape]) => [path, { shape, dtype: 'f16' }]),
  );
  const graph = trace(
    'encoder',
    { image: { shape: [1, 1024, 1024, 3] } },
    manifest,
    ({ image }, w) => ({ embedding: encodeImage(image, w.at('image_encoder'), config) }),
  );
  return planMemory(graph);
}

test.each([
  ['ViT-B', vitB, 160e6],
  ['ViT-H', vitH, 260e6],
])('%s at 1024 x 1024 with f16 weights', (_, config, room) => {
  const { weightsBytes, arenaBytes, inputBytes, outputBytes } = planOf(config);
  // The weights stay as small as they are stored: two bytes each, but for biases and norms.
  const parameters = [...weightShapes(config, maskDecoder)]
    .filter(([path]) => path.startsWith('image_encoder'))
    .reduce((sum, [, shape]) => sum + shape.reduce((product, size) => product * size, 1), 0);
  expect(weightsBytes).toBeLessThan(2 * parameters * 1.05);
  expect(arenaBytes + inputBytes + outputBytes).toBeLessThan(room);
});

test('with the limits that every device has, the decoder of ViT-B takes some prompts at once', () => {
  const manifest = new Map<string, WeightInfo>(
    [...weightShapes(vitB, maskDecoder)].map(([path, shape]) => [path, { shape, dtype: 'f16' }]),
  );
  const encoder = traceEncoder(samVitB, manifest);
  const limits = { alignment: 256, arenaBytes: 256 * 2 ** 20, bindingBytes: 128 * 2 ** 20 };
  const fits = (prompts: number): boolean => {
    const graph = traceDecoder(samVitB, manifest, encoder, { prompts, tokens: 8 });
    try {
      planMemory(graph, { limits });
      return true;
    } catch (error) {
      if (error instanceof WebGpuError && error.code === 'unsupported') return false;
      throw error;
    }
  };
  // 64 prompts have 512 MiB of upscaled features: 32 numbers for each of 256 x 256 pixels.
  expect([1, 8, 16, 32, 64].filter(fits)).toEqual([1, 8, 16]);
});
