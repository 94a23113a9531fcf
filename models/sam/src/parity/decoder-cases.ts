import { expand, type HostValue, reshape, trace } from '@samgpu/graph';

import { maskDecoder } from '../config.ts';
import { masksFrom, perceptron, upscale } from '../mask-decoder.ts';
import { downscaleMask, encodeGrid, encodeTokens } from '../prompt-encoder.ts';
import { twoWayLayer, twoWayTransformer } from '../two-way-transformer.ts';
import { maskDecoderShapes, promptEncoderShapes } from '../weight-shapes.ts';
import { expectGolden, formulaInput, formulaMap, openFixture } from './golden.ts';
import { channelsFirst } from './layout.ts';
import type { ModuleCase } from './module-case.ts';

const modules = await openFixture('modules_sam');
const decoderWeights = modules.weights(maskDecoderShapes(maskDecoder));
const promptWeights = modules.weights(promptEncoderShapes());

type Shape4 = readonly [number, number, number, number];

function twoWay(size: string, isLarge = false): ModuleCase {
  const name = `two_way_transformer.${size}`;
  return {
    name,
    isLarge,
    async check(run) {
      const inputs = {
        image: formulaMap(modules, `${name}.image`),
        code: formulaMap(modules, `${name}.image_pe`),
        tokens: formulaInput(modules, `${name}.tokens`),
      };
      const prompts = inputs.tokens.shape[0]!;
      const [, height, width, channels] = inputs.image.shape as Shape4;
      const cells = height * width;
      const graph = trace(name, inputs, decoderWeights.tensors, ({ image, code, tokens }, w) => {
        const transformer = w.at('mask_decoder.transformer');
        const start = {
          tokens,
          tokenCode: tokens,
          image: expand(reshape(image, [1, cells, channels]), [prompts, cells, channels]),
          imageCode: reshape(code, [1, cells, channels]),
        };
        const first = twoWayLayer(start, transformer.at('layers.0'), maskDecoder.heads, true);
        const result = twoWayTransformer(start, transformer, maskDecoder);
        return {
          layer0_tokens: first.tokens,
          layer0_image: first.image,
          tokens_out: result.tokens,
          image_out: result.image,
        };
      });
      const outputs = await run(graph, inputs, decoderWeights);
      for (const [output, { data }] of Object.entries(outputs)) {
        await expectGolden(modules, `${name}.${output}`, data);
      }
    },
  };
}

function upscaling(size: string): ModuleCase {
  const name = `output_upscaling.${size}`;
  return {
    name,
    async check(run) {
      const inputs = {
        map: formulaMap(modules, `${name}.x`),
        tokens: formulaInput(modules, `${name}.mask_tokens`),
      };
      const graph = trace(name, inputs, decoderWeights.tensors, ({ map, tokens }, w) => {
        const pixels = upscale(map, w.at('mask_decoder.output_upscaling'));
        return { pixels, masks: masksFrom(pixels, tokens, w.at('mask_decoder')) };
      });
      const { pixels, masks } = await run(graph, inputs, decoderWeights);
      const planes = channelsFirst(pixels!.data, pixels!.shape as Shape4);
      await expectGolden(modules, `${name}.out`, planes);
      await expectGolden(modules, `${name}.masks`, masks!.data);
    },
  };
}

/** The vectors that masks are products with, one network per mask token. */
function hypernetworks(size: string): ModuleCase {
  const name = `output_upscaling.${size}`;
  return {
    name: `${name}, hypernetworks`,
    async check(run) {
      const tokens = formulaInput(modules, `${name}.mask_tokens`); // [1, 4, 256]
      const graph = trace(name, { tokens }, decoderWeights.tensors, ({ tokens }, w) =>
        Object.fromEntries(
          [0, 1, 2, 3].map((mask) => [
            `mask${mask}`,
            perceptron(tokens, w.at(`mask_decoder.output_hypernetworks_mlps.${mask}`)),
          ]),
        ),
      );
      const outputs = await run(graph, { tokens }, decoderWeights);
      // Each network saw all tokens; the official ones see their own.
      const vectors = [0, 1, 2, 3].flatMap((mask) => {
        const { data } = outputs[`mask${mask}`]!;
        return Array.from({ length: 32 }, (_, index) => data[mask * 32 + index]!);
      });
      await expectGolden(modules, `${name}.hyper_in`, vectors);
    },
  };
}

const scoreHead: ModuleCase = {
  name: 'iou_head',
  async check(run) {
    const x = formulaInput(modules, 'iou_head.x');
    const graph = trace('iou_head', { x }, decoderWeights.tensors, ({ x }, w) => ({
      out: perceptron(x, w.at('mask_decoder.iou_prediction_head')),
    }));
    const { out } = await run(graph, { x }, decoderWeights);
    await expectGolden(modules, 'iou_head.out', out!.data);
  },
};

const maskDownscaling: ModuleCase = {
  name: 'mask_downscaling',
  async check(run) {
    const mask = formulaMap(modules, 'mask_downscaling.mask');
    const graph = trace('mask_downscaling', { mask }, promptWeights.tensors, ({ mask }, w) => ({
      out: downscaleMask(mask, w.at('prompt_encoder.mask_downscaling')),
    }));
    const { out } = await run(graph, { mask }, promptWeights);
    const planes = channelsFirst(out!.data, out!.shape as Shape4);
    await expectGolden(modules, 'mask_downscaling.out', planes);
  },
};

interface PromptDescription {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly labels: readonly number[];
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  readonly labels_with_box: readonly number[];
}

/** @param position - in the 256 pixels of the square input, not yet moved to pixel centres */
function tokensCase(
  golden: string,
  list: (prompt: PromptDescription) => readonly { position: readonly number[]; label: number }[],
): ModuleCase {
  const name = `prompt_encoder.${golden}`;
  return {
    name,
    async check(run) {
      const { prompt_encoder: described } = modules.description['modules'] as {
        prompt_encoder: PromptDescription;
      };
      const tokens = list(described);
      const points: HostValue = {
        shape: [1, tokens.length, 2],
        data: Float32Array.from(tokens.flatMap(({ position }) => position)),
      };
      const labels: HostValue = {
        shape: [1, tokens.length],
        data: Int32Array.from(tokens, ({ label }) => label),
      };
      const graph = trace(
        name,
        {
          points: { shape: points.shape },
          labels: { shape: labels.shape, dtype: 'i32' },
        },
        promptWeights.tensors,
        ({ points, labels }, w) => ({
          tokens: encodeTokens({ points, labels }, w.at('prompt_encoder'), 256),
        }),
      );
      const outputs = await run(graph, { points, labels }, promptWeights);
      await expectGolden(modules, name, outputs['tokens']!.data);
    },
  };
}

const gridCase: ModuleCase = {
  name: 'prompt_encoder.dense_pe',
  async check(run) {
    const graph = trace('dense_pe', {}, promptWeights.tensors, (_, w) => ({
      code: encodeGrid(w.at('prompt_encoder'), 16, 16),
    }));
    const { code } = await run(graph, {}, promptWeights);
    const planes = channelsFirst(code!.data, [1, 16, 16, 256]);
    await expectGolden(modules, 'prompt_encoder.dense_pe', planes);
  },
};

/** What the prompt encoder and the mask decoder consist of. */
export const decoderCases: readonly ModuleCase[] = [
  twoWay('1prompt_16x16'),
  twoWay('1prompt_12x20'),
  twoWay('64prompts_8x8', true),
  upscaling('8x8'),
  upscaling('6x10'),
  hypernetworks('8x8'),
  hypernetworks('6x10'),
  scoreHead,
  maskDownscaling,
  tokensCase('points', ({ points, labels }) => [
    ...points.map((position, index) => ({ position, label: labels[index]! })),
    { position: [0, 0], label: -1 }, // stands where a box would
  ]),
  tokensCase('points_and_box', ({ points, labels_with_box: labels, box }) => [
    ...points.map((position, index) => ({ position, label: labels[index]! })),
    { position: box.slice(0, 2), label: 2 },
    { position: box.slice(2), label: 3 },
  ]),
  gridCase,
];
