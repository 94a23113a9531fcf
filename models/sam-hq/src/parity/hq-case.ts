/** HQ-SAM: encoders, stages and answers of cases of it. */
import type { Weights } from '@samgpu/graph';
import { tinyVit } from '@samgpu/mobile-sam';
import { answersTo } from '@samgpu/variant';

import { tinyVitStages } from '../../../mobile-sam/src/parity/mobile-sam-case.ts';
import {
  type CaseConfig,
  type DecoderCase,
  type Features,
  type NetworkCase,
  openPictureCase,
  openPromptCase,
  type PictureCase,
  type PromptCase,
} from '../../../sam/src/parity/case.ts';
import type { FeatureValues } from '../../../sam/src/parity/check-encoder.ts';
import { formulaInput, formulaMap } from '../../../sam/src/parity/golden.ts';
import { vitConfig, vitStages } from '../../../sam/src/parity/sam-case.ts';
import { fuseDetails } from '../fuse-details.ts';
import { hqVitB } from '../hq-sam.ts';
import { type EncodedImage, encodeTinyVit, encodeVit } from '../image-encoder.ts';
import { attendWithDetails, decodeMasks } from '../mask-decoder.ts';
import { tinyVitWeightShapes, vitWeightShapes } from '../weight-shapes.ts';

/** @param directory - of `case.json` */
export async function openVitCase(directory: string): Promise<NetworkCase> {
  const picture = await openPictureCase(directory, (config, decoder) =>
    vitWeightShapes(vitConfig(config), decoder),
  );
  const encoder = vitConfig(configOf(picture));
  return {
    ...picture,
    ...hqDecoder(picture),
    stageLimit: withEarlyMap(picture, `block${encoder.globalBlocks[0]}`),
    encode: (image, w) => features(encodeVit(image, w.at('image_encoder'), encoder), w),
    stages(image, w) {
      const place = w.at('image_encoder');
      const { early } = encodeVit(image, place, encoder);
      return { ...vitStages(image, place, encoder), 'interm.0': { map: early, layout: 'rows' } };
    },
  };
}

/** @param directory - of `case.json` */
export async function openTinyVitCase(directory: string): Promise<NetworkCase> {
  const picture = await openPictureCase(directory, (_, decoder) =>
    tinyVitWeightShapes(tinyVit, decoder),
  );
  return {
    ...picture,
    ...hqDecoder(picture),
    stageLimit: withEarlyMap(picture, 'layers.1'),
    encode: (image, w) => features(encodeTinyVit(image, w.at('image_encoder'), tinyVit), w),
    stages(image, w) {
      const place = w.at('image_encoder');
      const { early } = encodeTinyVit(image, place, tinyVit);
      return { ...tinyVitStages(image, place), 'interm.0': { map: early, layout: 'rows' } };
    },
  };
}

/** A decoder whose embedding and early map are formulas. */
export interface LoneDecoder {
  readonly decoderCase: DecoderCase;
  readonly features: FeatureValues;
}

/** @param directory - of `case.json` of a decoder that belongs to a ViT */
export async function openVitDecoder(directory: string): Promise<LoneDecoder> {
  return loneDecoder(
    await openPromptCase(directory, (config, decoder) =>
      vitWeightShapes(vitConfig(config), decoder),
    ),
  );
}

/** @param directory - of `case.json` of a decoder that belongs to TinyViT */
export async function openTinyVitDecoder(directory: string): Promise<LoneDecoder> {
  return loneDecoder(
    await openPromptCase(directory, (_, decoder) => tinyVitWeightShapes(tinyVit, decoder)),
  );
}

function loneDecoder(prompts: PromptCase): LoneDecoder {
  const { decode, answers } = hqDecoder(prompts);
  return {
    decoderCase: {
      ...prompts,
      answers,
      decode: ({ embedding, early }, tensors, w) =>
        decode(features({ embedding: embedding!, early: early! }, w), tensors, w),
    },
    features: {
      embedding: formulaMap(prompts.golden, 'image_embedding'),
      early: formulaInput(prompts.golden, 'interm_embedding_0'),
    },
  };
}

function features(encoded: EncodedImage, w: Weights): Features {
  return { embedding: encoded.embedding, details: fuseDetails(encoded, w.at('mask_decoder')) };
}

/** The decoder, and how the official predictor is asked: `multimask_output`, `hq_token_only`. */
function hqDecoder({ decoder }: PromptCase): Pick<DecoderCase, 'decode' | 'answers'> {
  return {
    decode({ embedding, details }, prompts, w) {
      const encoded = { embedding: embedding!, details: details! };
      return {
        ...attendWithDetails(embedding!, prompts, w, decoder),
        ...decodeMasks(encoded, prompts, w, decoder),
      };
    },
    answers: {
      'multi.sum': (scores) => answersTo(hqVitB, scores, { count: 'multiple', mode: 'summed' }),
      'multi.hq': (scores) => answersTo(hqVitB, scores, { count: 'multiple', mode: 'hq-only' }),
      'single.sum': (scores) => answersTo(hqVitB, scores, { count: 'single', mode: 'summed' }),
      'single.hq': (scores) => answersTo(hqVitB, scores, { count: 'single', mode: 'hq-only' }),
    },
  };
}

/** The limit of the early map is that of the stage that it is. */
function withEarlyMap({ stageLimit }: PictureCase, stage: string): PictureCase['stageLimit'] {
  return (name) => stageLimit(name === 'interm.0' ? stage : name);
}

function configOf({ golden }: PictureCase): CaseConfig {
  return golden.description['config'] as CaseConfig;
}
