import type { Tensor, Weights } from '@samgpu/graph';
import {
  type FramePrompt,
  type PromptToken,
  TokenLabel,
  type Variant,
  type WeightFile,
} from '@samgpu/variant';

import { nanoConfig, STRIDE } from './config.ts';
import { encodeImage, type NanoFeatures } from './encoder.ts';
import { decodeMasks } from './mask-decoder.ts';
import { weightsBytes, weightsSha256, weightsUrl } from './weights.ts';

const PADDING: PromptToken = { x: 0, y: 0, label: TokenLabel.padding };

/** Two box corners or two paddings, then the clicks or one padding. */
function tokens({ points, box }: FramePrompt): PromptToken[] {
  const corners: PromptToken[] =
    box === undefined
      ? [PADDING, PADDING]
      : [
          { x: box.left, y: box.top, label: TokenLabel.boxTopLeft },
          { x: box.right, y: box.bottom, label: TokenLabel.boxBottomRight },
        ];
  const clicks: PromptToken[] = points.map(({ x, y, label }) => ({
    x,
    y,
    label: TokenLabel[label],
  }));
  return [...corners, ...(clicks.length > 0 ? clicks : [PADDING])];
}

/**
 * nano: 2.6 million parameters, trained from scratch on drawn and rendered pictures, weights in the package.
 *
 * It groups by colour, texture and outline and knows nothing of what things are; the larger models
 * do. What it offers is a mask within a tenth of a second, offline, from the first minute.
 */
export const nano: Variant & { readonly weights: WeightFile } = {
  name: 'nano',
  title: 'samgpu nano',
  description: '2.6 M parameters, trained on drawings and renders; works offline at once',
  licence: { name: 'Apache-2.0' },
  weights: {
    kind: 'file',
    url: weightsUrl,
    bytes: weightsBytes,
    sha256: weightsSha256,
  },
  weightNames: [{ name: 'official', marks: ['encoder.stem1.conv.weight', 'decoder.out_tokens'] }],
  preprocessing: {
    size: nanoConfig.size,
    fit: 'longest-side',
    rounding: 'half-even',
    resample: { shrink: 'opencv-area', enlarge: 'opencv-linear' },
    mean: [123.675, 116.28, 103.53],
    std: [58.395, 57.12, 57.375],
    coordinates: 'pixel-centers',
  },
  capabilities: { includePoints: true, excludePoints: true, boxes: true, previousMask: true },
  masks: {
    logitSize: nanoConfig.size / STRIDE.features4,
    upsample: 'two-step',
    threshold: 0,
    inclusive: false,
    stabilityOffset: 1,
    answers: [
      {
        name: 'default',
        description: 'One mask, or three that differ in how much they take',
        single: { masks: [0] },
        multiple: { masks: [1, 2, 3] },
        all: { masks: [0, 1, 2, 3] },
      },
    ],
    // Its scores tell less about its alternatives than its first answer is worth.
    ambiguous: 'single',
    // About what the model itself gives inside and outside of a sure mask.
    logitLimit: 4,
  },
  // It is less sure of itself than SAM, and its logits are closer to 0.
  everything: { predIouThreshold: 0.4, stabilityThreshold: 0.7, stabilityOffset: 0.25 },
  boxCorners: 'pixels',
  tokens,
  encode(image: Tensor, weights: Weights) {
    return { ...encodeImage(image, weights.at('encoder'), nanoConfig) };
  },
  decode(features, prompts, weights) {
    // The names are those that `encode` gave.
    return decodeMasks(
      features as unknown as NanoFeatures,
      prompts,
      weights.at('decoder'),
      nanoConfig,
    );
  },
};
