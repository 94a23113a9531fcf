import { interpret, nodeAt, trace, type WeightManifest } from '@samgpu/graph';
import { promptValues } from '@samgpu/parity';
import { expectClose, FormulaWeightStore, formulaTensor, seededValues } from '@samgpu/testing';
import { TokenLabel, traceDecoder, traceEncoder } from '@samgpu/variant';
import { describe, expect, test } from 'vitest';

import { maskDecoder, vitSmall, vitTiny } from './config.ts';
import { efficientSamSmall, efficientSamTiny } from './efficient-sam.ts';
import { decodeMasks } from './mask-decoder.ts';
import { promptTokens } from './prompt-encoder.ts';
import { weightShapes } from './weight-shapes.ts';

describe.each([
  { definition: efficientSamTiny, encoder: vitTiny },
  { definition: efficientSamSmall, encoder: vitSmall },
])('$definition.title', ({ definition, encoder }) => {
  test('records both graphs at full size, from the tensors of a checkpoint', () => {
    const manifest: WeightManifest = new Map(
      Array.from(weightShapes(encoder, maskDecoder), ([path, shape]) => [
        path,
        { shape, dtype: 'f32' },
      ]),
    );
    const graph = traceEncoder(definition, manifest);
    expect(nodeAt(graph.nodes, graph.outputs.get('embedding')!).shape).toEqual([1, 64, 64, 256]);
    const decoder = traceDecoder(definition, manifest, graph, { prompts: 2, tokens: 8 });
    expect(nodeAt(decoder.nodes, decoder.outputs.get('logits')!).shape).toEqual([2, 4, 256, 256]);
  });
});

test('absent tokens change nothing', () => {
  const shapes = weightShapes({ ...vitTiny, depth: 0 }, maskDecoder);
  const weights = new FormulaWeightStore(shapes, { seed: 3 });
  const embedding = { shape: [1, 2, 2, 256], data: seededValues(4 * 256, 1) };
  const tokens = promptTokens({ points: [{ x: 9, y: 20, label: 'include' }] });
  const decode = (places: number) => {
    const { points, labels } = promptValues([{ tokens }], 8, places);
    const graph = trace(
      `decoder of ${places}`,
      {
        embedding,
        points: { shape: points.shape },
        labels: { shape: labels.shape, dtype: 'i32' },
      },
      weights.tensors,
      ({ embedding, ...prompts }, w) => ({
        ...decodeMasks(embedding, prompts, w, { ...maskDecoder, imageSize: 32 }),
      }),
    );
    expect(labels.data.includes(TokenLabel.absent)).toBe(places > tokens.length);
    return interpret(graph, { embedding, points, labels }, (path) =>
      formulaTensor(path, shapes.get(path)!, { seed: 3 }),
    );
  };
  const [exact, filled] = [decode(6), decode(8)];
  for (const output of ['logits', 'scores'] as const) {
    // Removed keys weigh exactly nothing, and float64 adds the others in the same order.
    const closeness = { what: output, limit: 1e-12 };
    expect(
      expectClose(filled[output]!.data, exact[output]!.data, closeness).maxAbsError,
    ).toBeLessThan(1e-12);
  }
});
