/** EdgeSAM: encoder, stages and answers of cases of it. */
import { concat, conv2d, type Tensor, type Weights } from '@samgpu/graph';
import { attendToPrompts, decodeMasks, neck } from '@samgpu/sam';
import { answersTo } from '@samgpu/variant';

import {
  type DecoderCase,
  type NetworkCase,
  openPictureCase,
  openPromptCase,
  type PromptCase,
  type Stage,
} from '../../../sam/src/parity/case.ts';
import { repVitM1 } from '../config.ts';
import { edgeSam } from '../edge-sam.ts';
import { encodeImage, enlarge, fuseStages, stageEnds, stem } from '../image-encoder.ts';
import { repVitBlock } from '../rep-vit-block.ts';
import { stabilityScores } from '../stability-scores.ts';
import { weightShapes } from '../weight-shapes.ts';

/** @param directory - of `case.json` */
export async function openEdgeCase(directory: string): Promise<NetworkCase> {
  const picture = await openPictureCase(directory, (_, decoder) => weightShapes(repVitM1, decoder));
  return {
    ...picture,
    ...edgeDecoder(picture),
    encode: (image, w) => ({ embedding: encodeImage(image, w.at('image_encoder'), repVitM1) }),
    stages: (image, w) => repVitStages(image, w.at('image_encoder')),
  };
}

/** A case without encoder. */
export async function openEdgeDecoderCase(directory: string): Promise<DecoderCase> {
  const prompts = await openPromptCase(directory, (_, decoder) => weightShapes(repVitM1, decoder));
  return { ...prompts, ...edgeDecoder(prompts) };
}

/** The same case with the answers that only its first prompt has: all masks, scored by stability. */
export function withStability<Case extends DecoderCase>(edgeCase: Case): Case {
  return {
    ...edgeCase,
    prompts: edgeCase.prompts.filter(({ name }) => name === 'p1'),
    answers: {
      n4s: (scores: readonly number[]) => answersTo(edgeSam, scores, { count: 'all' }),
    },
  };
}

/** `num_multimask_outputs` of the official predictor, 3 and 1. */
function edgeDecoder({ decoder }: PromptCase): Pick<DecoderCase, 'decode' | 'answers'> {
  return {
    decode: ({ embedding }, prompts, w) => {
      const { logits, scores } = decodeMasks(embedding!, prompts, w, decoder);
      return {
        ...attendToPrompts(embedding!, prompts, w, decoder),
        logits,
        scores: concat([stabilityScores(logits), scores], 1), // [prompts, 2 masks]
      };
    },
    answers: {
      n3: (scores) => answersTo(edgeSam, scores, { count: 'multiple', mode: 'predicted' }),
      n1: (scores) => answersTo(edgeSam, scores, { mode: 'predicted' }),
    },
  };
}

/** @param w - the place of the image encoder */
function repVitStages(image: Tensor, w: Weights): Record<string, Stage> {
  const stages: Record<string, Tensor> = {};
  let x = stem(image, w.at('features.0'));
  stages['stem'] = x;
  repVitM1.blocks.forEach((block, index) => {
    x = repVitBlock(x, w.at(`features.${index + 1}`), block);
    stages[`block${index}`] = x;
  });
  stageEnds(repVitM1).forEach((end, index) => {
    stages[`stage${index}`] = stages[`block${end}`]!;
  });
  const [fine, coarse] = [stages['stage2']!, stages['stage3']!];
  stages['fuse_stage2'] = conv2d(fine, w.at('fuse_stage2'));
  stages['fuse_stage3'] = enlarge(conv2d(coarse, w.at('fuse_stage3.op_list.0')));
  stages['fused'] = fuseStages(fine, coarse, w);
  stages['neck'] = neck(stages['fused'], w.at('neck'));
  return Object.fromEntries(
    Object.entries(stages).map(([name, map]): [string, Stage] => [name, { map, layout: 'planes' }]),
  );
}
