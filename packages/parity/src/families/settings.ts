/** Sizes and settings of `case.json`'s `config`, as models take them. */
import type { MaskDecoderConfig } from '@samgpu/sam';
import type { AnswerRequest, Variant } from '@samgpu/variant';

import { numberAt, numbersAt, objectAt } from '../core/description.ts';
import { UnsupportedCaseError } from '../core/result.ts';

export type Config = Readonly<Record<string, unknown>>;

/**
 * Refuses settings that no code here follows, so that none is silently ignored. Those that a case
 * leaves out are taken to be the official ones.
 *
 * @throws UnsupportedCaseError naming the first that differs
 */
export function expectSettings(config: Config, wanted: Config): void {
  for (const [name, value] of Object.entries(wanted)) {
    const got = config[name];
    if (got !== undefined && JSON.stringify(got) !== JSON.stringify(value)) {
      throw new UnsupportedCaseError(
        `config.${name} is ${JSON.stringify(got)}; only ${JSON.stringify(value)} is implemented`,
      );
    }
  }
}

/** SAM's prompt encoder and mask decoder. */
export function samDecoderConfig(config: Config): MaskDecoderConfig {
  const decoder = objectAt(config, 'decoder');
  const imageSize = numberAt(decoder, 'image_size');
  expectSettings(decoder, {
    prompt_embed_dim: 256,
    mask_in_chans: 16,
    decoder_mlp_dim: 2048,
    decoder_attention_downsample: 2,
    num_multimask_outputs: 3,
    iou_head_depth: 3,
    iou_head_hidden_dim: 256,
    embedding_size: imageSize / 16,
  });
  return {
    imageSize,
    layers: decoder['decoder_depth'] === undefined ? 2 : numberAt(decoder, 'decoder_depth'),
    heads: decoder['decoder_heads'] === undefined ? 8 : numberAt(decoder, 'decoder_heads'),
    masks: 4,
  };
}

/** @param range - of the values that the case's mean and deviation are of: 255 or 1 */
export function withPixelStatistics(variant: Variant, config: Config, range: 255 | 1): Variant {
  const statistics = (name: string): [number, number, number] => {
    const [red, green, blue] = numbersAt(config, name, 3) as [number, number, number];
    const scale = 255 / range;
    return [red * scale, green * scale, blue * scale];
  };
  const [mean, std] = [statistics('pixel_mean'), statistics('pixel_std')];
  return { ...variant, preprocessing: { ...variant.preprocessing, mean, std } };
}

/** What a variant for a case says of itself. Its weights are handed in. */
export function identityOf(
  name: string,
): Pick<Variant, 'name' | 'title' | 'description' | 'weights'> {
  return {
    name,
    title: name,
    description: 'of a case',
    weights: {
      kind: 'brought',
      reason: 'they are computed by a formula',
      from: new URL('about:blank'),
      files: [],
    },
  };
}

/** `multimask_output` of SAM's predictor and those that follow it. */
export function multimaskRequest(options: Config): AnswerRequest {
  const { multimask_output: multimask, ...others } = options;
  expectNoOptions(others);
  return { count: expectFlag('multimask_output', multimask) ? 'multiple' : 'single' };
}

export function expectFlag(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') {
    throw new UnsupportedCaseError(`option ${name} is ${JSON.stringify(value)}, wanted a flag`);
  }
  return value;
}

export function expectNoOptions(options: Config): void {
  const [name] = Object.keys(options);
  if (name !== undefined) {
    throw new UnsupportedCaseError(`option ${name} of the official predictor is not known`);
  }
}
