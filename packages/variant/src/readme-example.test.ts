import { readmeExample } from '@samgpu/testing';
import { expect, test } from 'vitest';

// #region example
import {
  conv2d,
  greaterOrEqual,
  interpret,
  linear,
  matmul,
  mul,
  reduceMax,
  reduceSum,
  reshape,
  sigmoid,
  type WeightManifest,
} from '@samgpu/graph';
import { TokenLabel, traceDecoder, traceEncoder, type Variant } from '@samgpu/variant';

const tiny: Variant = {
  name: 'tiny',
  title: 'The smallest variant',
  description: 'One convolution, one linear layer',
  licence: { name: 'Apache-2.0' },
  weights: {
    kind: 'file',
    url: new URL('tiny.safetensors', 'https://example.org'),
    bytes: 632,
    sha256: '…',
  },
  preprocessing: {
    size: 32,
    fit: 'longest-side',
    rounding: 'half-up',
    resample: { shrink: 'torch-bilinear', enlarge: 'torch-bilinear' },
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
    coordinates: 'scaled',
  },
  capabilities: { includePoints: true, excludePoints: false, boxes: false, previousMask: false },
  masks: {
    logitSize: 8,
    upsample: 'bicubic-direct',
    threshold: 0,
    inclusive: false,
    stabilityOffset: 1,
    answers: [
      {
        name: 'default',
        description: 'Its one mask',
        single: { masks: [0] },
        multiple: { masks: [0] },
      },
    ],
    logitLimit: 32,
  },
  boxCorners: 'edges',
  tokens: ({ points }) => points.map(({ x, y }) => ({ x, y, label: TokenLabel.include })),
  encode: (image, weights) => ({
    cells: conv2d(image, weights.at('patches'), { stride: 4 }), // [1, 8, 8, 2]
  }),
  decode({ cells }, { points, labels }, weights) {
    const [prompts, tokens] = labels.shape as [number, number];
    const present = reshape(greaterOrEqual(labels, 0), [prompts, tokens, 1]);
    const clicks = mul(linear(points, weights.at('points')), present); // [prompts, tokens, 2]
    const prompt = reduceSum(clicks, 1, { keepAxes: true }); // [prompts, 1, 2]
    const rows = reshape(cells!, [1, 64, 2]);
    const products = matmul(prompt, rows, { transposeB: true }); // [prompts, 1, 64]
    const logits = reshape(products, [prompts, 1, 8, 8]);
    return { logits, scores: sigmoid(reduceMax(logits, [2, 3])) };
  },
};

const manifest: WeightManifest = new Map([
  ['patches.weight', { shape: [2, 3, 4, 4], dtype: 'f32' }],
  ['points.weight', { shape: [2, 2], dtype: 'f32' }],
]);
const encoder = traceEncoder(tiny, manifest);
const decoder = traceDecoder(tiny, manifest, encoder, { prompts: 1, tokens: 3 });
const { cells } = interpret(encoder, { image: picture() }, valuesOf);
// #endregion

/** The left half white, the right half black. */
function picture(): { shape: number[]; data: Float32Array } {
  const data = Float32Array.from({ length: 32 * 32 * 3 }, (_, index) =>
    Math.floor(index / 3) % 32 < 16 ? 1 : -1,
  );
  return { shape: [1, 32, 32, 3], data };
}

function valuesOf(path: string): Float32Array {
  return path === 'points.weight'
    ? Float32Array.of(1, 0, 0, 1)
    : new Float32Array(2 * 3 * 16).fill(1 / 48); // the mean of 4 x 4 pixels
}

test('the example of the README runs', () => {
  const { logits, scores } = interpret(
    decoder,
    {
      cells: cells!,
      points: { shape: [1, 3, 2], data: Float32Array.of(2, 3, 100, 100, 100, 100) },
      labels: { shape: [1, 3], data: Int32Array.of(TokenLabel.include, -1, TokenLabel.absent) },
      mask: { shape: [1, 8, 8, 1], data: new Float32Array(64) },
      hasMask: { shape: [1], data: new Float32Array(1) },
    },
    valuesOf,
  );
  // The click is (2, 3), both features are the brightness: ±5, left half and right half.
  const row = [5, 5, 5, 5, -5, -5, -5, -5];
  const expected = Array.from({ length: 8 }, () => row).flat();
  // Sums of 48 products with 1/48 in float32, which is exact to 3e-8.
  logits!.data.forEach((logit, index) => expect(logit).toBeCloseTo(expected[index]!, 5));
  expect(scores!.data[0]).toBeCloseTo(1 / (1 + Math.exp(-5)), 6);
});

test('the example stands in the README as it runs here', () => {
  const { shown, run } = readmeExample(import.meta.url);
  expect(shown).toBe(run);
});
