/** What tracking consists of, and the half of SAM 2's mask decoder that is not SAM's. */
import { add, type HostValue, reshape, rotary, slice, type Tensor } from '@samgpu/graph';
import { masksFrom } from '@samgpu/sam';
import {
  attendToItself,
  attendToMemories,
  attendToTokens,
  downsampleMasks,
  encodeMemory,
  type Memories,
  memoryLayer,
  pointerCodes,
  rotaryTable,
  sineCode,
  upscale,
} from '@samgpu/sam2';

import {
  matches,
  type ModuleCheck,
  type ModuleFacts,
  numbersIn,
  type Shape4,
} from './module-run.ts';
import { config, sam2Module } from './sam2-module.ts';

/** @param names - of the case's tensors */
export function memoryModules({ inputs }: ModuleFacts, names: readonly string[]): ModuleCheck[] {
  const tensors = names.map((name) => name.replace(/\.sample$/, ''));
  return [
    ...(inputs.includes('rope.q') ? [turning] : []),
    ...matches(inputs, /^memory_attention_layer\.(.+)\.x$/).flatMap((size) => [
      attentionLayer(size),
      ...(tensors.includes(`memory_attention_layer.${size}.whole_memory_attention`)
        ? [wholeAttention(size)]
        : []),
    ]),
    ...matches(inputs, /^memory_encoder\.(.+)\.pix_feat$/).map(memoryEncoder),
    ...matches(inputs, /^output_upscaling_high_res\.(.+)\.x$/).map(detailedUpscaling),
    ...matches(tensors, /^sine_pe\.(.+)$/).map(places),
  ];
}

const turning: ModuleCheck = sam2Module({
  name: 'rope',
  inputs: (run) =>
    Object.fromEntries(
      ['q', 'k'].map((part) => {
        const { shape, data } = run.input(`rope.${part}`);
        return [part, { shape: shape.slice(1), data }];
      }),
    ),
  build: ({ q, k }, w) => {
    const table = rotaryTable(w, 8, 8, 256);
    return { q: rotary(q!, table, { heads: 1 }), k: rotary(k!, table, { heads: 1 }) };
  },
  rows: { q: 'rope.q_out', k: 'rope.k_out' },
});

/** Sizes are named like `8x8_2frames_4pointer_tokens`. */
function sizesOf(size: string): { grid: readonly [number, number]; pointerTokens: number } {
  const grid = numbersIn(size, /^(\d+)x(\d+)/, size) as [number, number];
  return { grid, pointerTokens: Number(/(\d+)pointer_tokens/.exec(size)?.[1] ?? 0) };
}

function attentionLayer(size: string): ModuleCheck {
  const name = `memory_attention_layer.${size}`;
  const { grid, pointerTokens } = sizesOf(size);
  return sam2Module({
    name,
    inputs: (run) => ({
      x: run.input(`${name}.x`),
      tokens: run.input(`${name}.memory`),
      codes: run.input(`${name}.memory_pos`),
    }),
    build: ({ x, tokens, codes }, w) => {
      const memories: Memories = { tokens: tokens!, codes: codes!, pointerTokens };
      const place = w.at('memory_attention.layers.0');
      const turns = rotaryTable(w, ...grid, 256);
      const itself = add(x!, attendToItself(x!, place, turns));
      return {
        itself,
        tokens: add(itself, attendToTokens(itself, memories, place, turns)),
        out: memoryLayer(x!, memories, place, turns),
      };
    },
    rows: {
      itself: `${name}.after_self_attention`,
      tokens: `${name}.after_cross_attention`,
      out: `${name}.out`,
    },
  });
}

function wholeAttention(size: string): ModuleCheck {
  const name = `memory_attention_layer.${size}`;
  const { grid, pointerTokens } = sizesOf(size);
  return sam2Module({
    name: `${name}.whole_memory_attention`,
    inputs: (run) => ({
      x: run.input(`${name}.x`),
      places: run.input(`${name}.x_pos`),
      tokens: run.input(`${name}.memory`),
      codes: run.input(`${name}.memory_pos`),
    }),
    build: ({ x, places, tokens, codes }, w) => {
      const memories: Memories = { tokens: tokens!, codes: codes!, pointerTokens };
      const place = w.at('memory_attention');
      return { out: attendToMemories(x!, memories, place, config.memory, grid, places) };
    },
    rows: { out: `${name}.whole_memory_attention` },
  });
}

function memoryEncoder(size: string): ModuleCheck {
  const name = `memory_encoder.${size}`;
  return sam2Module({
    name,
    inputs: (run) => ({ embedding: run.map(`${name}.pix_feat`), masks: run.map(`${name}.mask`) }),
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
      downsampled: `${name}.mask_downsampled`,
      features: `${name}.features`,
      places: `${name}.pos`,
    },
  });
}

function detailedUpscaling(size: string): ModuleCheck {
  const name = `output_upscaling_high_res.${size}`;
  return sam2Module({
    name,
    inputs: (run) => ({
      map: run.map(`${name}.x`),
      quarters: run.map(`${name}.high_res.0`),
      eighths: run.map(`${name}.high_res.1`),
      tokens: run.input(`${name}.mask_tokens`),
    }),
    build: ({ map, quarters, eighths, tokens }, w) => {
      const decoder = w.at('sam_mask_decoder');
      const details = { quarters: quarters!, eighths: eighths! };
      const pixels = upscale(map!, details, decoder.at('output_upscaling'));
      return { pixels, masks: masksFrom(pixels, tokens!, decoder) };
    },
    rows: { masks: `${name}.masks` },
    planes: { pixels: `${name}.out` },
  });
}

/** Sizes are named like `256_6x10`. */
function places(size: string): ModuleCheck {
  const name = `sine_pe.${size}`;
  const [channels, height, width] = numbersIn(size, /^(\d+)_(\d+)x(\d+)$/, name) as [
    number,
    number,
    number,
  ];
  return sam2Module({
    name,
    inputs: () => ({}),
    build: (_, w) => ({
      out: reshape(sineCode(w, height, width, channels), [1, height, width, channels]),
    }),
    planes: { out: name },
  });
}

/**
 * Codes of frames from as far back as there may be to as far ahead, as parts of that distance: each of
 * the four tokens of a pointer has the same.
 *
 * @param count - of frames
 */
export function pointerTimes(count: number): ModuleCheck {
  const most = (count - 1) / 2;
  const distances: HostValue = {
    shape: [1, count],
    data: Float32Array.from({ length: count }, (_, index) => (index - most) / most),
  };
  return sam2Module({
    name: 'pointer_time_projected',
    inputs: () => ({ distances }),
    build: ({ distances }, w) => ({ out: firstOfFour(pointerCodes(distances!, w, config.memory)) }),
    rows: { out: 'pointer_time_projected' },
  });
}

function firstOfFour(codes: Tensor): Tensor {
  const [, tokens, width] = codes.shape as [number, number, number];
  return slice(reshape(codes, [tokens / 4, 4, width]), 1, 0, 1);
}
