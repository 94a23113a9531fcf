/** A network that costs next to nothing, for measuring what stands around one. */
import { conv2d, expand, reduceMean, reshape, sigmoid } from '@samgpu/graph';
import {
  type ImagePreprocessing,
  type MaskOutput,
  type ResampleMethod,
  TokenLabel,
  type Variant,
} from '@samgpu/variant';

import { RandomWeights } from './random-weights.ts';

export interface ImageModelOptions {
  readonly method: ResampleMethod;
  readonly upsample: MaskOutput['upsample'];
  /** Of the square input: SAM has 1024. Logits have a quarter of it. */
  readonly size: number;
}

/** One convolution, whose cells are the logits: SAM's sizes without its work. */
export function imageModel({ method, upsample, size }: ImageModelOptions): Variant {
  const side = size / 4;
  const fit: ImagePreprocessing['fit'] = upsample === 'two-step' ? 'longest-side' : 'squash';
  return {
    name: `pixels ${size} ${method} ${upsample}`,
    title: 'Pixels',
    description: 'For benchmarks',
    licence: { name: 'Apache-2.0' },
    weights: { kind: 'file', url: new URL('https://example.org/pixels.safetensors') },
    preprocessing: {
      size,
      fit,
      rounding: 'half-up',
      resample: { shrink: method, enlarge: method },
      mean: [123.675, 116.28, 103.53],
      std: [58.395, 57.12, 57.375],
      coordinates: 'scaled',
    },
    capabilities: { includePoints: true, excludePoints: true, boxes: false, previousMask: false },
    masks: {
      logitSize: side,
      upsample,
      threshold: 0,
      inclusive: false,
      stabilityOffset: 1,
      answers: [
        {
          name: 'plain',
          description: 'The one mask',
          single: { masks: [0] },
          multiple: { masks: [0] },
        },
      ],
      logitLimit: 32,
    },
    boxCorners: 'edges',
    tokens: ({ points }) => points.map(({ x, y }) => ({ x, y, label: TokenLabel.include })),
    encode: (image, weights) => ({
      cells: conv2d(image, weights.at('patches'), { stride: 4 }), // [1, side, side, 1]
    }),
    decode({ cells }, { labels }) {
      const prompts = labels.shape[0]!;
      const logits = expand(reshape(cells!, [1, 1, side, side]), [prompts, 1, side, side]);
      return { logits, scores: sigmoid(reduceMean(logits, [2, 3])) };
    },
  };
}

export function imageModelWeights(): RandomWeights {
  return new RandomWeights('pixels', new Map([['patches.weight', [1, 3, 4, 4]]]));
}
