/** What SAM's prompt encoder and mask decoder consist of. */
import { expand, type HostValue, reshape, type Tensor, trace } from '@samgpu/graph';
import {
  downscaleMask,
  encodeGrid,
  encodeTokens,
  maskDecoder,
  maskDecoderShapes,
  masksFrom,
  perceptron,
  promptEncoderShapes,
  twoWayLayer,
  twoWayTransformer,
  upscale,
} from '@samgpu/sam';

import { listAt, numbersAt } from '../core/description.ts';
import {
  matches,
  type ModuleCheck,
  type ModuleFacts,
  numbersIn,
  type Shape4,
} from './module-run.ts';

const decoderShapes = maskDecoderShapes(maskDecoder);
const promptShapes = promptEncoderShapes();

export function decoderModules(facts: ModuleFacts): ModuleCheck[] {
  const { inputs, modules } = facts;
  return [
    ...matches(inputs, /^two_way_transformer\.(.+)\.tokens$/).map(twoWay),
    ...matches(inputs, /^output_upscaling\.(.+)\.x$/).flatMap((size) => [
      upscaling(size),
      hypernetworks(size),
    ]),
    ...(inputs.includes('iou_head.x') ? [scoreHead] : []),
    ...(inputs.includes('mask_downscaling.mask') ? [maskDownscaling] : []),
    ...(modules.includes('prompt_encoder') ? promptEncoder(facts) : []),
  ];
}

function twoWay(size: string): ModuleCheck {
  const name = `two_way_transformer.${size}`;
  return {
    name,
    isLarge: /^\d{2,}prompts/.test(size),
    async check(run) {
      const weights = run.weights(decoderShapes);
      const inputs = {
        image: run.map(`${name}.image`),
        code: run.map(`${name}.image_pe`),
        tokens: run.input(`${name}.tokens`),
      };
      const prompts = inputs.tokens.shape[0]!;
      const [, height, width, channels] = inputs.image.shape as Shape4;
      const cells = height * width;
      const graph = trace(name, inputs, weights.tensors, ({ image, code, tokens }, w) => {
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
      const outputs = await run.run(graph, inputs, weights);
      for (const [output, { data }] of Object.entries(outputs)) {
        await run.compare(`${name}.${output}`, data);
      }
    },
  };
}

function upscaling(size: string): ModuleCheck {
  const name = `output_upscaling.${size}`;
  return {
    name,
    async check(run) {
      const weights = run.weights(decoderShapes);
      const inputs = { map: run.map(`${name}.x`), tokens: run.input(`${name}.mask_tokens`) };
      const graph = trace(name, inputs, weights.tensors, ({ map, tokens }, w) => {
        const pixels = upscale(map, w.at('mask_decoder.output_upscaling'));
        return { pixels, masks: masksFrom(pixels, tokens, w.at('mask_decoder')) };
      });
      const { pixels, masks } = await run.run(graph, inputs, weights);
      await run.comparePlanes(`${name}.out`, pixels!);
      await run.compare(`${name}.masks`, masks!.data);
    },
  };
}

/** The vectors that masks are products with, one network per mask token. */
function hypernetworks(size: string): ModuleCheck {
  const name = `output_upscaling.${size}`;
  return {
    name: `${name}.hyper_in`,
    async check(run) {
      const weights = run.weights(decoderShapes);
      const tokens = run.input(`${name}.mask_tokens`); // [1, masks, 256]
      const masks = tokens.shape[1]!;
      const each = Array.from({ length: masks }, (_, mask) => mask);
      const graph = trace(name, { tokens }, weights.tensors, ({ tokens }, w) =>
        Object.fromEntries(
          each.map((mask): [string, Tensor] => [
            `mask${mask}`,
            perceptron(tokens, w.at(`mask_decoder.output_hypernetworks_mlps.${mask}`)),
          ]),
        ),
      );
      const outputs = await run.run(graph, { tokens }, weights);
      // Each network saw all tokens; the official ones see their own.
      const vectors = each.flatMap((mask) => {
        const { data, shape } = outputs[`mask${mask}`]!;
        const width = shape.at(-1)!;
        return Array.from({ length: width }, (_, index) => data[mask * width + index]!);
      });
      await run.compare(`${name}.hyper_in`, vectors);
    },
  };
}

const scoreHead: ModuleCheck = {
  name: 'iou_head',
  async check(run) {
    const weights = run.weights(decoderShapes);
    const x = run.input('iou_head.x');
    const graph = trace('iou_head', { x }, weights.tensors, ({ x }, w) => ({
      out: perceptron(x, w.at('mask_decoder.iou_prediction_head')),
    }));
    const { out } = await run.run(graph, { x }, weights);
    await run.compare('iou_head.out', out!.data);
  },
};

const maskDownscaling: ModuleCheck = {
  name: 'mask_downscaling',
  async check(run) {
    const weights = run.weights(promptShapes);
    const mask = run.map('mask_downscaling.mask');
    const graph = trace('mask_downscaling', { mask }, weights.tensors, ({ mask }, w) => ({
      out: downscaleMask(mask, w.at('prompt_encoder.mask_downscaling')),
    }));
    const { out } = await run.run(graph, { mask }, weights);
    await run.comparePlanes('mask_downscaling.out', out!);
  },
};

interface Token {
  readonly position: readonly number[];
  readonly label: number;
}

function promptEncoder({ describe, textOf }: ModuleFacts): ModuleCheck[] {
  const described = describe('prompt_encoder');
  const points = listAt(described, 'points') as readonly (readonly number[])[];
  const labelled = (labels: readonly number[]): Token[] =>
    points.map((position, index) => ({ position, label: labels[index]! }));
  const box = numbersAt(described, 'box', 4);
  const [imageSide, , side] = numbersIn(
    textOf('prompt_encoder'),
    /image (\d+)x(\d+), map (\d+)x\d+/,
    'prompt_encoder',
  ) as [number, number, number];
  return [
    // A padding stands where a box would.
    tokensCheck(
      'points',
      [...labelled(numbersAt(described, 'labels')), { position: [0, 0], label: -1 }],
      imageSide,
    ),
    tokensCheck(
      'points_and_box',
      [
        ...labelled(numbersAt(described, 'labels_with_box')),
        { position: box.slice(0, 2), label: 2 },
        { position: box.slice(2), label: 3 },
      ],
      imageSide,
    ),
    gridCheck(side),
  ];
}

/** @param tokens - in pixels of the square input, not yet moved to pixel centres */
function tokensCheck(golden: string, tokens: readonly Token[], imageSide: number): ModuleCheck {
  const name = `prompt_encoder.${golden}`;
  return {
    name,
    async check(run) {
      const weights = run.weights(promptShapes);
      const points: HostValue = {
        shape: [1, tokens.length, 2],
        data: Float32Array.from(tokens.flatMap(({ position }) => position)),
      };
      const labels: HostValue = {
        shape: [1, tokens.length],
        data: Int32Array.from(tokens, ({ label }) => label),
      };
      const specs = {
        points: { shape: points.shape },
        labels: { shape: labels.shape, dtype: 'i32' as const },
      };
      const graph = trace(name, specs, weights.tensors, ({ points, labels }, w) => ({
        tokens: encodeTokens({ points, labels }, w.at('prompt_encoder'), imageSide),
      }));
      const outputs = await run.run(graph, { points, labels }, weights);
      await run.compare(name, outputs['tokens']!.data);
    },
  };
}

function gridCheck(side: number): ModuleCheck {
  const name = 'prompt_encoder.dense_pe';
  return {
    name,
    async check(run) {
      const weights = run.weights(promptShapes);
      const graph = trace('dense_pe', {}, weights.tensors, (_, w) => ({
        code: encodeGrid(w.at('prompt_encoder'), side, side),
      }));
      const { data, shape } = (await run.run(graph, {}, weights))['code']!;
      await run.comparePlanes(name, { data, shape: [1, side, side, shape.at(-1)!] });
    },
  };
}
