import { type WeightManifest, nodeAt } from '@samgpu/graph';
import { traceDecoder, traceEncoder } from '@samgpu/variant';
import { expect, test } from 'vitest';

import { maskDecoder, repVitM1 } from './config.ts';
import { edgeSam } from './edge-sam.ts';
import { weightShapes } from './weight-shapes.ts';

const manifest: WeightManifest = new Map(
  Array.from(weightShapes(repVitM1, maskDecoder), ([path, shape]) => [
    path,
    { shape, dtype: path.endsWith('num_batches_tracked') ? 'i64' : 'f32' },
  ]),
);

test('records both graphs at full size, from the tensors of a checkpoint', () => {
  const encoder = traceEncoder(edgeSam, manifest);
  const embedding = nodeAt(encoder.nodes, encoder.outputs.get('embedding')!);
  expect(embedding.shape).toEqual([1, 64, 64, 256]);
  const decoder = traceDecoder(edgeSam, manifest, encoder, { prompts: 2, tokens: 4 });
  const scores = nodeAt(decoder.nodes, decoder.outputs.get('scores')!);
  expect(scores.shape).toEqual([2, 8]);
});
