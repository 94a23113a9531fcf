/** What RepViT consists of, one by one, against outputs of the official code. */
import { layerNorm, type Tensor, trace, type Weights } from '@samgpu/graph';
import { below } from '@samgpu/sam';
import type { ParityCase } from '@samgpu/testing';

import { expectGolden, formulaMap } from '../../../sam/src/parity/golden.ts';
import { channelsFirst } from '../../../sam/src/parity/layout.ts';
import type { ModuleCase } from '../../../sam/src/parity/module-case.ts';
import { type BlockConfig, repVitM1 } from '../config.ts';
import { enlarge } from '../image-encoder.ts';
import { mixPixels, repVitBlock } from '../rep-vit-block.ts';
import { blockShapes, imageEncoderShapes } from '../weight-shapes.ts';

type Shape4 = readonly [number, number, number, number];

// The case has a block of this size where RepViT-M1 has another.
const WIDE = { index: 24, width: 384, stride: 1, squeeze: false } as const;

/** @param modules - the case `modules_repvit` */
export function repVitModules(modules: ParityCase): ModuleCase[] {
  const weights = modules.weights(
    new Map([
      ...imageEncoderShapes(repVitM1),
      ...below(`image_encoder.features.${WIDE.index}`, blockShapes(WIDE.width, WIDE)),
    ]),
  );

  /** @param record - gives outputs by the ends of their names in the case */
  const module = (
    name: string,
    record: (x: Tensor, w: Weights) => Readonly<Record<string, Tensor>>,
  ): ModuleCase => ({
    name,
    async check(run) {
      const x = formulaMap(modules, `${name}.x`);
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) =>
        record(x, w.at('image_encoder')),
      );
      const outputs = await run(graph, { x }, weights);
      for (const [output, { data, shape }] of Object.entries(outputs)) {
        await expectGolden(modules, `${name}.${output}`, channelsFirst(data, shape as Shape4));
      }
    },
  });

  /** @param index - of the block in `features`, where the stem comes first */
  const block = (
    name: string,
    index: number,
    config: BlockConfig = repVitM1.blocks[index - 1]!,
  ): ModuleCase =>
    module(name, (x, w) => {
      const place = w.at(`features.${index}`);
      return {
        token_mixer: mixPixels(x, place.at('token_mixer'), config),
        out: repVitBlock(x, place, config),
      };
    });

  return [
    block('block_se', 1),
    block('block', 2),
    block('block_stride2', 4),
    block('block_wide', WIDE.index, WIDE),
    module('upsample', (x) => ({ out: enlarge(x) })),
    module('layer_norm_2d', (x, w) => ({
      out: layerNorm(x, w.at('neck.1'), { epsilon: 1e-6 }),
    })),
  ];
}
