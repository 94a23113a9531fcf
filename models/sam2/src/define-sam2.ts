import { clamp, concat, slice, type Tensor, type Weights } from '@samgpu/graph';
import { clickTokens, cornerTokens, samConventions, type VariantIdentity } from '@samgpu/sam';
import {
  type FramePrompt,
  type ImagePreprocessing,
  type PromptToken,
  TokenLabel,
  type Tracking,
  type TrackingVariant,
  type WeightNaming,
} from '@samgpu/variant';

import { firstMask, singleAnswer } from './choose-mask.ts';
import { EMBEDDING, type Sam2Config, STRIDE } from './config.ts';
import { encodeImage, type ImageFeatures, withoutMemory } from './image-encoder.ts';
import { huggingFaceNames } from './hugging-face-names.ts';
import { decodeMasks } from './mask-decoder.ts';
import { remember } from './memory-encoder.ts';
import { pointTo, recall, trackObjects } from './tracking.ts';
import { weightShapes } from './weight-shapes.ts';

/** Either way, of a mask that is fed back. */
const LARGEST_LOGIT = 32;

const PADDING: PromptToken = { x: 0, y: 0, label: TokenLabel.padding };

/** The corners of the box, then clicks, then a padding, which stands behind every prompt. */
export function promptTokens({ points, box }: FramePrompt): PromptToken[] {
  return [...(box === undefined ? [] : cornerTokens(box)), ...clickTokens(points), PADDING];
}

function preprocessing(
  imageSize: number,
  method: 'torch-bilinear-antialias' | 'pillow-bicubic',
): ImagePreprocessing {
  return {
    size: imageSize,
    fit: 'squash',
    rounding: 'half-up', // Nothing is left to round.
    resample: { shrink: method, enlarge: method },
    mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
    std: [0.229 * 255, 0.224 * 255, 0.225 * 255],
    coordinates: 'scaled',
  };
}

type Features = Readonly<Record<string, Tensor>>;

function featuresOf({ embedding, eighths, quarters }: Features): ImageFeatures {
  return { embedding: embedding!, eighths: eighths!, quarters: quarters! };
}

/** Of an image that stands for itself. */
function alone(features: Features, weights: Weights): ImageFeatures {
  const given = featuresOf(features);
  return { ...given, embedding: withoutMemory(given.embedding, weights) };
}

const official: WeightNaming = {
  name: 'official',
  marks: ['image_encoder.trunk.patch_embed.proj.weight', 'no_mem_embed'],
};

/** A SAM 2 of these sizes: the published ones, reduced ones, or one of your own training. */
export function defineSam2(identity: VariantIdentity, config: Sam2Config): TrackingVariant {
  const { imageSize } = config;
  // Prompts and masks are SAM's but for what follows.
  const conventions = samConventions(imageSize);
  return {
    ...identity,
    licence: { name: 'Apache-2.0' },
    weightNames: [official, huggingFaceNames],
    weightShapes: () => weightShapes(config),
    ...conventions,
    preprocessing: preprocessing(imageSize, 'torch-bilinear-antialias'),
    masks: { ...conventions.masks, upsample: 'bilinear-direct' },
    everything: { predIouThreshold: 0.8, smallRegions: 'logits' },
    tokens: promptTokens,
    encode: (image, weights) => ({ ...encodeImage(image, weights, config.encoder) }),
    decode(features, { mask, ...rest }, weights) {
      // The official predictor hands out logits within these limits, to be fed back.
      const prompts = { ...rest, mask: clamp(mask, -LARGEST_LOGIT, LARGEST_LOGIT) };
      const { logits, scores } = decodeMasks(alone(features, weights), prompts, weights, config);
      // In place of the first mask, what answers where one mask is asked for.
      const answer = config.replacesUnstable ? singleAnswer(logits, scores) : firstMask;
      return {
        logits: concat([answer(logits), slice(logits, 1, 1)], 1),
        scores: concat([answer(scores), slice(scores, 1, 1)], 1),
      };
    },
    tracking: tracking(config),
  };
}

/** How the official `SAM2VideoPredictor` is built (configs and `build_sam.py`). */
function tracking(config: Sam2Config): Tracking {
  const { imageSize, memory } = config;
  return {
    preprocessing: preprocessing(imageSize, 'pillow-bicubic'),
    memory: {
      frames: memory.frames,
      pointers: 16,
      pointerWidth: EMBEDDING,
      cells: (imageSize / STRIDE) ** 2,
      width: memory.width,
    },
    fillHoles: 8,
    pointsWithAlternatives: 1,
    recall: ({ embedding }, memories, weights) => recall(embedding!, memories, weights, memory),
    track(features, recalled, prompts, takesBest, weights) {
      const seen =
        recalled === undefined
          ? alone(features, weights)
          : { ...featuresOf(features), embedding: recalled };
      return trackObjects(seen, prompts, takesBest, weights, config);
    },
    remember: ({ embedding }, masks, weights) => remember(embedding!, masks, weights, memory),
    pointTo: (features, mask, weights) => pointTo(featuresOf(features), mask, weights, config),
  };
}
