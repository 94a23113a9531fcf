import {
  add,
  concat,
  conv2d,
  expand,
  GraphError,
  interpret,
  nodeAt,
  type Graph,
  reduceMean,
  reshape,
  type WeightManifest,
} from '@samgpu/graph';
import { describe, expect, test } from 'vitest';

import {
  type AnswerMode,
  DECODER_OUTPUTS,
  PROMPT_INPUTS,
  TokenLabel,
  traceDecoder,
  traceEncoder,
  type Variant,
} from './index.ts';

const manifest: WeightManifest = new Map([
  ['encoder.patches.weight', { shape: [5, 3, 8, 8], dtype: 'f16' }],
]);

const answers: AnswerMode = {
  name: 'default',
  description: 'For this test',
  single: { masks: [0] },
  multiple: { masks: [1, 2] },
};

/** Two features, three masks of 4 x 4: enough to see every shape. */
const variant: Variant = {
  name: 'two-features',
  title: 'Two features',
  description: 'For this test',
  licence: { name: 'Apache-2.0' },
  weights: {
    kind: 'file',
    url: new URL('https://example.org/two-features.safetensors'),
  },
  preprocessing: {
    size: 32,
    fit: 'squash',
    rounding: 'half-up',
    resample: { shrink: 'torch-bilinear-antialias', enlarge: 'torch-bilinear-antialias' },
    mean: [0, 0, 0],
    std: [1, 1, 1],
    coordinates: 'scaled',
  },
  capabilities: { includePoints: true, excludePoints: true, boxes: true, previousMask: true },
  masks: {
    logitSize: 4,
    upsample: 'bicubic-direct',
    threshold: 0,
    inclusive: false,
    stabilityOffset: 1,
    answers: [answers],
    logitLimit: 32,
  },
  boxCorners: 'edges',
  tokens: () => [],
  encode(image, weights) {
    const fine = conv2d(image, weights.at('encoder.patches'), { stride: 8 });
    return { fine, coarse: reduceMean(fine, [1, 2]) };
  },
  decode({ fine, coarse }, { points, mask, hasMask }) {
    const [prompts] = points.shape as [number];
    const level = reshape(reduceMean(add(fine!, coarse!), 3), [1, 1, 4, 4]);
    const one = add(reshape(mask, [prompts, 1, 4, 4]), level);
    const logits = concat([one, one, one], 1);
    return { logits, scores: expand(reshape(hasMask, [prompts, 1]), [prompts, 3]) };
  },
};

const encoder = traceEncoder(variant, manifest);

function inputsOf(graph: Graph): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...graph.inputs].map(([name, id]) => {
      const { shape, dtype } = nodeAt(graph.nodes, id);
      return [name, { shape, dtype }];
    }),
  );
}

function shapeOf(graph: Graph, output: string): readonly number[] {
  return nodeAt(graph.nodes, graph.outputs.get(output)!).shape;
}

describe('traceEncoder', () => {
  test('takes one preprocessed image and gives the features by name', () => {
    expect(encoder.name).toBe('two-features.encoder');
    expect(inputsOf(encoder)).toEqual({ image: { shape: [1, 32, 32, 3], dtype: 'f32' } });
    expect([...encoder.outputs.keys()]).toEqual(['fine', 'coarse']);
    expect(shapeOf(encoder, 'fine')).toEqual([1, 4, 4, 5]);
    expect(shapeOf(encoder, 'coarse')).toEqual([1, 5]);
  });

  test('names the weights that a checkpoint lacks', () => {
    expect(() => traceEncoder(variant, new Map())).toThrow(
      new GraphError(
        'weights',
        'there is no tensor "encoder.patches.weight"; the checkpoint is empty',
      ),
    );
  });
});

describe('traceDecoder', () => {
  const decoder = traceDecoder(variant, manifest, encoder, { prompts: 2, tokens: 6 });

  test('takes the features and every tensor of the prompts, used or not', () => {
    expect(decoder.name).toBe('two-features.decoder.2x6');
    expect(inputsOf(decoder)).toEqual({
      fine: { shape: [1, 4, 4, 5], dtype: 'f32' },
      coarse: { shape: [1, 5], dtype: 'f32' },
      points: { shape: [2, 6, 2], dtype: 'f32' },
      labels: { shape: [2, 6], dtype: 'i32' },
      mask: { shape: [2, 4, 4, 1], dtype: 'f32' },
      hasMask: { shape: [2], dtype: 'f32' },
    });
    expect([...decoder.inputs.keys()].slice(-PROMPT_INPUTS.length)).toEqual([...PROMPT_INPUTS]);
  });

  test('gives logits and scores', () => {
    expect([...decoder.outputs.keys()]).toEqual([...DECODER_OUTPUTS]);
    expect(shapeOf(decoder, 'logits')).toEqual([2, 3, 4, 4]);
    expect(shapeOf(decoder, 'scores')).toEqual([2, 3]);
  });

  test('without previous masks is the same as with none given, computed once for all prompts', () => {
    const maskless = traceDecoder(variant, manifest, encoder, {
      prompts: 2,
      tokens: 6,
      masks: false,
    });
    expect(maskless.name).toBe('two-features.decoder.2x6.maskless');
    expect([...maskless.inputs.keys()]).toEqual(['fine', 'coarse', 'points', 'labels']);
    const inputs = {
      fine: { shape: [1, 4, 4, 5], data: Float32Array.from({ length: 80 }, (_, i) => i) },
      coarse: { shape: [1, 5], data: Float32Array.of(1, 2, 3, 4, 5) },
      points: { shape: [2, 6, 2], data: new Float32Array(24) },
      labels: { shape: [2, 6], data: new Int32Array(12) },
    };
    const noMasks = {
      mask: { shape: [2, 4, 4, 1], data: new Float32Array(32) },
      hasMask: { shape: [2], data: new Float32Array(2) },
    };
    const valuesOf = (): Float32Array => new Float32Array(0); // The decoder has no weights.
    expect(interpret(maskless, inputs, valuesOf)).toEqual(
      interpret(decoder, { ...inputs, ...noMasks }, valuesOf),
    );
  });

  const sizes = { prompts: 2, tokens: 6 };
  test.each<readonly [what: string, broken: Partial<Variant>, message: string]>([
    [
      'logits of another size',
      { masks: { ...variant.masks, logitSize: 8 }, decode: withMaskSide(4) },
      'decode gave logits [2, 3, 4, 4], wanted [2, masks, 8, 8]',
    ],
    [
      'logits without an axis of masks',
      {
        decode: (...given) => {
          const { logits, scores } = variant.decode(...given);
          return { logits: reduceMean(logits, 1), scores };
        },
      },
      'decode gave logits [2, 4, 4], wanted [2, masks, 4, 4]',
    ],
    [
      'scores without an axis of their own',
      {
        decode: (...given) => {
          const { logits, scores } = variant.decode(...given);
          return { logits, scores: reduceMean(scores, 1) };
        },
      },
      'decode gave scores [2], wanted [2, scores]',
    ],
    [
      'fewer masks than it says',
      { masks: { ...variant.masks, answers: [{ ...answers, multiple: { masks: [1, 2, 3] } }] } },
      'decode gave 3 masks, but an answer of it names number 3 of 0 to 2',
    ],
    [
      'fewer scores than it says',
      {
        masks: {
          ...variant.masks,
          answers: [{ ...answers, all: { masks: [0, 1], scores: [2, 3] } }],
        },
      },
      'decode gave 3 scores, but an answer of it names number 3 of 0 to 2',
    ],
  ])('refuses %s', (_, broken, message) => {
    expect(() => traceDecoder({ ...variant, ...broken }, manifest, encoder, sizes)).toThrow(
      new GraphError('two-features', message),
    );
  });

  test('refuses features that are called like prompts', () => {
    const clashing: Variant = {
      ...variant,
      encode: (image, weights) => ({ mask: variant.encode(image, weights)['fine']! }),
    };
    const graph = traceEncoder(clashing, manifest);
    expect(() => traceDecoder(clashing, manifest, graph, sizes)).toThrow(
      new GraphError(
        'two-features',
        'encode gives a feature called "mask", which is the name of a prompt\'s tensor; rename it',
      ),
    );
  });

  test.each([
    [{ prompts: 0, tokens: 6 }, 'points', '[0, 6, 2]'],
    [{ prompts: 1, tokens: 2.5 }, 'points', '[1, 2.5, 2]'],
  ])('refuses sizes %j', (wrong, name, shape) => {
    expect(() => traceDecoder(variant, manifest, encoder, wrong)).toThrow(
      new GraphError('input', `shape of "${name}" is ${shape}, wanted positive whole numbers`),
    );
  });
});

/** A decoder that gives logits of one size, whatever the masks that it is given. */
function withMaskSide(side: number): Variant['decode'] {
  return (features, prompts, weights) => {
    const count = prompts.points.shape[0] ?? 1;
    const mask = weights.constant(new Float32Array(count * side * side), [count, side, side, 1]);
    return variant.decode(features, { ...prompts, mask }, weights);
  };
}

test('labels are the numbers of the official code, and ours is none of them', () => {
  expect(TokenLabel).toEqual({
    absent: -2,
    padding: -1,
    exclude: 0,
    include: 1,
    boxTopLeft: 2,
    boxBottomRight: 3,
  });
});
