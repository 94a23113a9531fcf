/** The parts of SAM 2 at the size of the published networks: the same in all of them. */
import {
  add,
  concat,
  type HostValue,
  reshape,
  slice,
  type Tensor,
  type Weights,
} from '@samgpu/graph';
import { attendWith, encodeDense, encodeTokens, perceptron, twoWayLayerOf } from '@samgpu/sam';
import {
  attendToMemories,
  decodeMasks,
  downsampleMasks,
  encodeMemory,
  type Memories,
  sineCode,
} from '@samgpu/sam2';
import { type PromptTensors, TokenLabel } from '@samgpu/variant';

import { listAt, numbersAt } from '../core/description.ts';
import type { CaseFolder, Family } from '../core/family.ts';
import { promptValues } from '../network/prompt-values.ts';
import { pointerTimes } from './memory-modules.ts';
import { checkModules, type ModuleCheck, type Shape4 } from './module-run.ts';
import { config, sam2Module } from './sam2-module.ts';

export const sam2SharedModules: Family = {
  name: 'modules of SAM 2 at full size',
  matches: ({ variant }) => variant === 'sam2_modules',
  async check(folder) {
    const names = folder.parityCase.names;
    const times = names.includes('pointer_time_projected')
      ? [pointerTimes((await folder.parityCase.golden('pointer_time_projected')).shape[0]!)]
      : [];
    const isHeld = ({ name }: ModuleCheck): boolean =>
      names.some((stored) => stored === name || stored.startsWith(`${name}.`));
    const all = [
      decoder(folder, 'decoder.points'),
      decoder(folder, 'decoder.points_mask', 'input.mask'),
      memoryAttention('memory_attention.1frame', '1', 0),
      memoryAttention('memory_attention.3frames_8pointer_tokens', '3', 8),
      memoryEncoder,
      ...times,
    ];
    await checkModules(folder, all.filter(isHeld));
  },
};

/** @param maskInput - the previous mask, if one is given */
function decoder({ parityCase }: CaseFolder, name: string, maskInput?: string): ModuleCheck {
  const { description } = parityCase;
  const points = listAt(description, 'points') as readonly (readonly [number, number])[];
  const labels = numbersAt(description, 'labels');
  const tokens = [
    ...points.map(([x, y], index) => ({ x, y, label: labels[index]! })),
    { x: 0, y: 0, label: TokenLabel.padding },
  ];
  return sam2Module({
    name,
    isLarge: true,
    inputs(run) {
      const embedding = run.map('input.image_embed');
      const side = 4 * embedding.shape[1]!;
      const mask =
        maskInput === undefined ? undefined : Float32Array.from(run.input(maskInput).data);
      return {
        ...promptValues([{ tokens, mask }], side, tokens.length),
        embedding,
        quarters: run.map('input.high_res_feats.0'),
        eighths: run.map('input.high_res_feats.1'),
      };
    },
    build({ points, labels, mask, hasMask, embedding, quarters, eighths }, w) {
      const prompts = { points, labels, mask, hasMask } as unknown as PromptTensors;
      const features = { embedding: embedding!, quarters: quarters!, eighths: eighths! };
      const decoded = decodeMasks(features, prompts, w, config);
      const encoder = w.at('sam_prompt_encoder');
      const [, height, width] = embedding!.shape as Shape4;
      return {
        sparse: encodeTokens(prompts, encoder, config.imageSize),
        // Without a mask it is the same everywhere and held once.
        dense: add(
          encodeDense(prompts, encoder),
          w.constant(new Float32Array(height * width), [1, height, width, 1]),
        ),
        ...attended(embedding!, prompts, w),
        logits: decoded.logits,
        scores: decoded.scores,
        maskTokens: decoded.maskTokens,
        object: decoded.objectScore,
        pointer: perceptron(slice(decoded.maskTokens, 1, 0, 1), w.at('obj_ptr_proj')),
      };
    },
    rows: {
      sparse: `${name}.sparse`,
      tokens: `${name}.transformer_tokens`,
      image: `${name}.transformer_image`,
      logits: `${name}.all_mask_logits`,
      scores: `${name}.all_iou`,
      maskTokens: `${name}.mask_tokens_out`,
      object: `${name}.object_score_logits`,
      pointer: `${name}.obj_ptr_from_token0`,
    },
    planes: { dense: `${name}.dense` },
  });
}

/** What the decoder's transformer gives, before anything is made of it. */
function attended(
  embedding: Tensor,
  prompts: PromptTensors,
  w: Weights,
): { tokens: Tensor; image: Tensor } {
  const place = w.at('sam_mask_decoder');
  const names = ['obj_score_token', 'iou_token', 'mask_tokens'];
  const { tokens, map } = attendWith(
    concat(
      names.map((name) => place.at(name).weight),
      0,
    ),
    embedding,
    prompts,
    { encoder: w.at('sam_prompt_encoder'), decoder: place },
    { ...config.decoder, imageSize: config.imageSize },
    twoWayLayerOf(['mlp.layers.0', 'mlp.layers.1']),
  );
  return { tokens, image: map };
}

function memoryAttention(name: string, memory: string, pointerTokens: number): ModuleCheck {
  // The official code keeps the batch behind the tokens.
  const batchFirst = ({ shape, data }: HostValue): HostValue => ({
    shape: [shape[1]!, shape[0]!, shape[2]!],
    data,
  });
  return sam2Module({
    name,
    inputs: (run) => ({
      x: batchFirst(run.input('input.current')),
      tokens: batchFirst(run.input(`input.memory.${memory}`)),
      codes: batchFirst(run.input(`input.memory_pos.${memory}`)),
    }),
    build: ({ x, tokens, codes }, w) => {
      const side = Math.sqrt(x!.shape[1]!);
      const memories: Memories = { tokens: tokens!, codes: codes!, pointerTokens };
      const place = w.at('memory_attention');
      return { out: attendToMemories(x!, memories, place, config.memory, [side, side]) };
    },
    rows: { out: name },
  });
}

const memoryEncoder: ModuleCheck = sam2Module({
  name: 'memory_encoder',
  inputs: (run) => ({
    embedding: run.map('input.pix_feat'),
    masks: run.map('input.mask_for_memory'),
  }),
  build: ({ embedding, masks }, w) => {
    const place = w.at('memory_encoder');
    const [, height, width] = embedding!.shape as Shape4;
    return {
      downsampled: downsampleMasks(masks!, place.at('mask_downsampler.encoder')),
      features: encodeMemory(embedding!, masks!, place, config.memory),
      places: reshape(sineCode(w, height, width, 64), [1, height, width, 64]),
    };
  },
  planes: {
    downsampled: 'memory_encoder.mask_downsampled',
    features: 'memory_encoder.features',
    places: 'memory_encoder.pos',
  },
});
