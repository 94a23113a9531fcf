/** What SAM's encoders need on a GPU, by plan: no device is needed to know. */
import { trace, type WeightInfo } from '@samgpu/graph';
import {
  encodeImage,
  type ImageEncoderConfig,
  maskDecoder,
  vitB,
  vitH,
  weightShapes,
} from '@samgpu/sam';
import { planMemory } from '@samgpu/webgpu';
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
