/** What the image encoder consists of. */
import { layerNorm } from '@samgpu/graph';
import type { ParityCase } from '@samgpu/testing';

import { expectGolden, expectGoldenWindows, formulaInput } from '../../../sam/src/parity/golden.ts';
import { toWindows } from '../../../sam/src/parity/layout.ts';
import type { ModuleCase } from '../../../sam/src/parity/module-case.ts';
import { encodePlaces, hieraBlock, mapAttention, pooledAttention } from '../hiera.ts';
import { hieraBlocks } from '../hiera-blocks.ts';
import { compareRows, config, moduleCase } from './module-checks.ts';

type Shape4 = readonly [number, number, number, number];

export function trunkCases(modules: ParityCase): readonly ModuleCase[] {
  return [
    ...[0, 1, 3, 4, 5, 10, 11].map((index) => block(modules, index)),
    places(modules, 64, 64),
    places(modules, 24, 40),
  ];
}

function block(modules: ParityCase, index: number): ModuleCase {
  const name = `hiera_block${index}`;
  const sizes = hieraBlocks(config.encoder)[index]!;
  const attend = sizes.pools ? pooledAttention : mapAttention;
  return moduleCase(modules, {
    name,
    inputs: { x: formulaInput(modules, `${name}.x`) },
    build: ({ x }, w) => {
      const place = w.at(`image_encoder.trunk.blocks.${index}`);
      const normed = layerNorm(x!, place.at('norm1'), { epsilon: 1e-6 });
      return {
        attended: attend(normed, place.at('attn'), sizes),
        out: hieraBlock(x!, place, sizes),
      };
    },
    async compare(outputs) {
      const { data, shape } = outputs['attended']!;
      if (sizes.window === undefined) {
        await expectGolden(modules, `${name}.attn_out`, data);
      } else {
        const window = sizes.pools ? sizes.window / 2 : sizes.window;
        const windows = toWindows(data, shape as Shape4, window);
        await expectGoldenWindows(modules, `${name}.attn_out`, windows);
      }
      await compareRows(modules, outputs, { out: `${name}.out` });
    },
  });
}

function places(modules: ParityCase, height: number, width: number): ModuleCase {
  const name = `trunk_pos_embed.${height}x${width}`;
  return moduleCase(modules, {
    name,
    inputs: {},
    build: (_, w) => ({ out: encodePlaces(w.at('image_encoder.trunk'), height, width) }),
    compare: (outputs) => compareRows(modules, outputs, { out: name }),
  });
}
