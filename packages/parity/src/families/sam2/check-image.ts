/** The image predictor: from a picture to masks at its size. */
import { add, type HostValue, reshape, type Tensor, trace, type Weights } from '@samgpu/graph';
import { encodeDense, encodeGrid, encodeTokens } from '@samgpu/sam';
import {
  decodeMasks,
  defineSam2,
  embedPatches,
  encodeBlocks,
  featuresFrom,
  projectPatches,
  pyramid,
  type Sam2Config,
  sineCode,
  stageMaps,
  withoutMemory,
} from '@samgpu/sam2';
import type { PromptTensors } from '@samgpu/variant';
import { readImage, Segmenter } from 'samgpu';

import { listAt, numberAt, textAt } from '../../core/description.ts';
import { runOnce } from '../../core/engine.ts';
import type { CaseFolder } from '../../core/family.ts';
import { findPicture } from '../../core/find-picture.ts';
import { channelsFirst } from '../../core/layout.ts';
import { mergeDuplicates } from '../../core/merge-duplicates.ts';
import { messageOf } from '../../core/stage-list.ts';
import type { FeatureValues } from '../../network/check-encoder.ts';
import { inOfficialOrder } from '../../network/check-segmenter.ts';
import { checkWeights } from '../../network/check-weights.ts';
import { DecoderPrograms } from '../../network/decoder-programs.ts';
import type { Features, Stage } from '../../network/network.ts';
import { Frame, preprocessImage } from '../../network/samgpu.ts';
import { identityOf } from '../settings.ts';
import { checkImageAnswer, checkImagePrompt, type ImageRun } from './check-image-prompt.ts';
import { configOf } from './config.ts';
import { publicImagePrompts, readImagePrompt } from './image-prompts.ts';

type Shape4 = readonly [number, number, number, number];

export async function checkImageCase(folder: CaseFolder): Promise<void> {
  const { parityCase, stages, engine, progress, directory, endToEnd } = folder;
  const { description } = parityCase;
  const imageSize =
    description['image_size'] === undefined ? 1024 : numberAt(description, 'image_size');
  const name = textAt(description, 'variant');
  const config = configOf(name, imageSize);
  const variant = defineSam2(identityOf(name), config);
  const weights = parityCase.weights(variant.weightShapes!());
  checkWeights({ parityCase, variant, weights, stages });

  const picture = await findPicture(directory, textAt(description, 'image'));
  const pixels = await readImage(picture);
  const { tensor } = preprocessImage(pixels, variant.preprocessing);
  const image: HostValue = { shape: [1, imageSize, imageSize, 3], data: tensor };
  await stages.compare('input', channelsFirst(tensor, image.shape as Shape4));
  const run: ImageRun = {
    ...folder,
    variant,
    weights,
    frame: new Frame(pixels, variant.preprocessing),
  };

  progress('encoder and its stages');
  const features = await checkEncoder(run, config, image);
  const programs = new DecoderPrograms({
    variant,
    weights,
    engine,
    features,
    stages: (tensors, prompts, w) => decoderStages(tensors, prompts, w, config),
  });
  const prompts = listAt(description, 'prompts').map(readImagePrompt);
  try {
    for (const prompt of prompts) {
      progress(`prompt ${prompt.name}`);
      try {
        await checkImagePrompt(run, prompt, programs);
      } catch (error) {
        // The other prompts tell more of what is wrong.
        stages.fail(prompt.name, messageOf(error));
      }
    }
  } finally {
    programs.dispose();
  }
  if (!endToEnd || engine.segmenter === undefined) {
    return;
  }
  progress('the same through Segmenter');
  using segmenter = await Segmenter.load(variant, { ...engine.segmenter, weights });
  using encoded = await segmenter.encode(picture);
  for (const prompt of prompts) {
    const asked = publicImagePrompts(prompt, run.frame, variant.masks.logitSize);
    for (const multimask of prompt.multimask) {
      const tag = `${prompt.name}.${multimask ? 'multi' : 'single'}`;
      const segmentations = await encoded.segment(asked, { multimask });
      const masks = await inOfficialOrder(parityCase, `${tag}.iou`, segmentations);
      await checkImageAnswer(
        run,
        tag,
        {
          scores: masks.map(({ score }) => score),
          logits: masks.map(({ logits }) => logits!),
          masks,
        },
        'segmenter.',
      );
    }
  }
}

/** The features of the picture, in one run with all stages that the case holds. */
async function checkEncoder(
  { parityCase, variant, weights, engine, stages }: ImageRun,
  config: Sam2Config,
  image: HostValue,
): Promise<FeatureValues> {
  const places = new Map<string, Stage>();
  let featureNames: readonly string[] = [];
  const graph = trace(`${variant.name}.stages`, { image }, weights.tensors, ({ image }, w) => {
    const features = variant.encode(image, w);
    featureNames = Object.keys(features);
    for (const [name, stage] of Object.entries(encoderStages(image, w, config))) {
      if (parityCase.has(name)) places.set(name, stage);
    }
    return {
      ...features,
      ...Object.fromEntries(Array.from(places, ([name, { map }]) => [name, map])),
    };
  });
  const outputs = await runOnce(engine, mergeDuplicates(graph), { image }, weights);
  for (const [name, { layout }] of places) {
    const { data, shape } = outputs[name]!;
    await stages.compare(name, layout === 'planes' ? channelsFirst(data, shape as Shape4) : data);
  }
  return Object.fromEntries(
    featureNames.map((name) => {
      const { shape, data } = outputs[name]!;
      return [name, { shape, data: Float32Array.from(data) }];
    }),
  );
}

function encoderStages(image: Tensor, w: Weights, config: Sam2Config): Record<string, Stage> {
  const trunk = w.at('image_encoder.trunk');
  const blocks = encodeBlocks(image, trunk, config.encoder);
  const levels = pyramid(stageMaps(blocks, config.encoder), w.at('image_encoder.neck'));
  const features = featuresFrom(levels, w);
  const [, height, width] = levels[2]!.shape as Shape4;
  const rows: [string, Tensor][] = [
    ['trunk.patch_embed_nhwc', projectPatches(image, trunk)],
    ['trunk.with_pos_embed_nhwc', embedPatches(image, trunk)],
    ...blocks.map((map, index): [string, Tensor] => [`trunk.block${index}_nhwc`, map]),
  ];
  const planes: [string, Tensor][] = [
    ...levels.map((map, level): [string, Tensor] => [`fpn.level${level}`, map]),
    ['fpn.pos.level2', reshape(sineCode(w, height, width, 256), [1, height, width, 256])],
    ['image_embed', withoutMemory(features.embedding, w)],
    ['high_res_feats.0', features.quarters],
    ['high_res_feats.1', features.eighths],
  ];
  return Object.fromEntries([
    ...rows.map(([name, map]) => [name, { map, layout: 'rows' }] as const),
    ...planes.map(([name, map]) => [name, { map, layout: 'planes' }] as const),
  ]);
}

/** By the official names, as far as they do not begin with a prompt's. */
function decoderStages(
  { embedding, eighths, quarters }: Features,
  prompts: PromptTensors,
  w: Weights,
  config: Sam2Config,
): Record<string, Tensor> {
  const [, height, width] = embedding!.shape as Shape4;
  const alone = {
    embedding: withoutMemory(embedding!, w),
    eighths: eighths!,
    quarters: quarters!,
  };
  const all = decodeMasks(alone, prompts, w, config);
  const encoder = w.at('sam_prompt_encoder');
  const everywhere = w.constant(new Float32Array(height * width), [1, height, width, 1]);
  return {
    sparse_embeddings: encodeTokens(prompts, encoder, config.imageSize),
    // Without a mask it is the same everywhere and held once.
    dense_embeddings: add(encodeDense(prompts, encoder), everywhere),
    dense_pe: reshape(encodeGrid(encoder, height, width), [1, height, width, -1]),
    all_mask_logits: all.logits,
    all_iou: all.scores,
    mask_tokens_out: all.maskTokens,
    object_score_logits: all.objectScore,
  };
}
