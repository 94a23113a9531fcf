/** What SAM 2's image encoder consists of. */
import { layerNorm } from '@samgpu/graph';
import { encodePlaces, hieraBlock, hieraBlocks, mapAttention, pooledAttention } from '@samgpu/sam2';

import { matches, type ModuleCheck, type ModuleFacts, numbersIn } from './module-run.ts';
import { config, sam2Module } from './sam2-module.ts';

export function hieraModules({ inputs, modules }: ModuleFacts): ModuleCheck[] {
  return [
    ...matches(inputs, /^hiera_block(\d+)\.x$/).map((index) => block(Number(index))),
    ...matches(modules, /^trunk_pos_embed\.(.+)$/).map(places),
  ];
}

function block(index: number): ModuleCheck {
  const name = `hiera_block${index}`;
  const sizes = hieraBlocks(config.encoder)[index]!;
  const attend = sizes.pools ? pooledAttention : mapAttention;
  return sam2Module({
    name,
    isLarge: sizes.outputs > 384,
    inputs: (run) => ({ x: run.input(`${name}.x`) }),
    build: ({ x }, w) => {
      const place = w.at(`image_encoder.trunk.blocks.${index}`);
      const normed = layerNorm(x!, place.at('norm1'), { epsilon: 1e-6 });
      return {
        attended: attend(normed, place.at('attn'), sizes),
        out: hieraBlock(x!, place, sizes),
      };
    },
    rows: { out: `${name}.out` },
    async more(run, outputs) {
      const attended = outputs['attended']!;
      if (sizes.window === undefined) {
        await run.compare(`${name}.attn_out`, attended.data);
      } else {
        const window = sizes.pools ? sizes.window / 2 : sizes.window;
        await run.compareWindows(`${name}.attn_out`, attended, window);
      }
    },
  });
}

function places(size: string): ModuleCheck {
  const name = `trunk_pos_embed.${size}`;
  const [height, width] = numbersIn(size, /(\d+)x(\d+)/, name) as [number, number];
  return sam2Module({
    name,
    inputs: () => ({}),
    build: (_, w) => ({ out: encodePlaces(w.at('image_encoder.trunk'), height, width) }),
    rows: { out: name },
  });
}
