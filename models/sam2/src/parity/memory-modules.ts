/** What tracking consists of, and the half of the mask decoder that is not SAM's. */
import { add, reshape, rotary, slice, type Tensor } from '@samgpu/graph';
import { masksFrom } from '@samgpu/sam';
import type { ParityCase } from '@samgpu/testing';

import { formulaInput, formulaMap } from '../../../sam/src/parity/golden.ts';
import type { ModuleCase } from '../../../sam/src/parity/module-case.ts';
import { rotaryTable, sineCode } from '../grid-codes.ts';
import { upscale } from '../mask-decoder.ts';
import {
  attendToItself,
  attendToMemories,
  attendToTokens,
  type Memories,
  memoryLayer,
} from '../memory-attention.ts';
import { downsampleMasks, encodeMemory } from '../memory-encoder.ts';
import { pointerCodes } from '../object-pointer.ts';
import { comparePlanes, compareRows, config, moduleCase } from './module-checks.ts';

type Grid = readonly [height: number, width: number];
type Shape4 = readonly [number, number, number, number];

export function memoryCases(modules: ParityCase): readonly ModuleCase[] {
  return [
    turning(modules),
    attentionLayer(modules, '8x8_2frames_4pointer_tokens', [8, 8], 4),
    wholeAttention(modules, '8x8_2frames_4pointer_tokens', [8, 8], 4),
    attentionLayer(modules, '16x16_1frame', [16, 16], 0),
    memoryEncoder(modules, '8x8'),
    memoryEncoder(modules, '6x10'),
    detailedUpscaling(modules, '8x8'),
    detailedUpscaling(modules, '6x10'),
    places(modules, [6, 10]),
    pointerTimes(modules),
  ];
}

function turning(modules: ParityCase): ModuleCase {
  const flat = (name: string): ReturnType<typeof formulaInput> => {
    const { shape, data } = formulaInput(modules, name);
    return { shape: shape.slice(1), data };
  };
  return moduleCase(modules, {
    name: 'rope',
    inputs: { q: flat('rope.q'), k: flat('rope.k') },
    build: ({ q, k }, w) => {
      const table = rotaryTable(w, 8, 8, 256);
      return { q: rotary(q!, table, { heads: 1 }), k: rotary(k!, table, { heads: 1 }) };
    },
    compare: (outputs) => compareRows(modules, outputs, { q: 'rope.q_out', k: 'rope.k_out' }),
  });
}

function attentionLayer(
  modules: ParityCase,
  size: string,
  grid: Grid,
  pointerTokens: number,
): ModuleCase {
  const name = `memory_attention_layer.${size}`;
  const input = (part: string): ReturnType<typeof formulaInput> =>
    formulaInput(modules, `${name}.${part}`);
  return moduleCase(modules, {
    name,
    inputs: { x: input('x'), tokens: input('memory'), codes: input('memory_pos') },
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
    compare: (outputs) =>
      compareRows(modules, outputs, {
        itself: `${name}.after_self_attention`,
        tokens: `${name}.after_cross_attention`,
        out: `${name}.out`,
      }),
  });
}

function wholeAttention(
  modules: ParityCase,
  size: string,
  grid: Grid,
  pointerTokens: number,
): ModuleCase {
  const name = `memory_attention_layer.${size}`;
  const input = (part: string): ReturnType<typeof formulaInput> =>
    formulaInput(modules, `${name}.${part}`);
  return moduleCase(modules, {
    name: `${name}.whole_memory_attention`,
    inputs: {
      x: input('x'),
      places: input('x_pos'),
      tokens: input('memory'),
      codes: input('memory_pos'),
    },
    build: ({ x, places, tokens, codes }, w) => {
      const memories: Memories = { tokens: tokens!, codes: codes!, pointerTokens };
      const place = w.at('memory_attention');
      return { out: attendToMemories(x!, memories, place, config.memory, grid, places) };
    },
    compare: (outputs) => compareRows(modules, outputs, { out: `${name}.whole_memory_attention` }),
  });
}

function memoryEncoder(modules: ParityCase, size: string): ModuleCase {
  const name = `memory_encoder.${size}`;
  return moduleCase(modules, {
    name,
    inputs: {
      embedding: formulaMap(modules, `${name}.pix_feat`),
      masks: formulaMap(modules, `${name}.mask`),
    },
    build: ({ embedding, masks }, w) => {
      const place = w.at('memory_encoder');
      const [, height, width] = embedding!.shape as Shape4;
      return {
        downsampled: downsampleMasks(masks!, place.at('mask_downsampler.encoder')),
        features: encodeMemory(embedding!, masks!, place, config.memory),
        places: reshape(sineCode(w, height, width, 64), [1, height, width, 64]),
      };
    },
    compare: (outputs) =>
      comparePlanes(modules, outputs, {
        downsampled: `${name}.mask_downsampled`,
        features: `${name}.features`,
        places: `${name}.pos`,
      }),
  });
}

function detailedUpscaling(modules: ParityCase, size: string): ModuleCase {
  const name = `output_upscaling_high_res.${size}`;
  return moduleCase(modules, {
    name,
    inputs: {
      map: formulaMap(modules, `${name}.x`),
      quarters: formulaMap(modules, `${name}.high_res.0`),
      eighths: formulaMap(modules, `${name}.high_res.1`),
      tokens: formulaInput(modules, `${name}.mask_tokens`),
    },
    build: ({ map, quarters, eighths, tokens }, w) => {
      const decoder = w.at('sam_mask_decoder');
      const details = { quarters: quarters!, eighths: eighths! };
      const pixels = upscale(map!, details, decoder.at('output_upscaling'));
      return { pixels, masks: masksFrom(pixels, tokens!, decoder) };
    },
    async compare(outputs) {
      await comparePlanes(modules, outputs, { pixels: `${name}.out` });
      await compareRows(modules, outputs, { masks: `${name}.masks` });
    },
  });
}

function places(modules: ParityCase, [height, width]: Grid): ModuleCase {
  const name = `sine_pe.256_${height}x${width}`;
  return moduleCase(modules, {
    name,
    inputs: {},
    build: (_, w) => ({
      out: reshape(sineCode(w, height, width, 256), [1, height, width, 256]),
    }),
    compare: (outputs) => comparePlanes(modules, outputs, { out: name }),
  });
}

// -5 / 5 to 5 / 5: each of the four tokens of a pointer has the same code.
function pointerTimes(modules: ParityCase): ModuleCase {
  const distances = Float32Array.from({ length: 11 }, (_, index) => (index - 5) / 5);
  return moduleCase(modules, {
    name: 'pointer_time_projected',
    inputs: { distances: { shape: [1, 11], data: distances } },
    build: ({ distances }, w) => ({ out: firstOfFour(pointerCodes(distances!, w, config.memory)) }),
    compare: (outputs) => compareRows(modules, outputs, { out: 'pointer_time_projected' }),
  });
}

function firstOfFour(codes: Tensor): Tensor {
  const [, tokens, width] = codes.shape as [number, number, number];
  return slice(reshape(codes, [tokens / 4, 4, width]), 1, 0, 1);
}
