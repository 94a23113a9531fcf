/** What RepViT consists of, one by one. */
import {
  type BlockConfig,
  blockShapes,
  enlarge,
  imageEncoderShapes,
  mixPixels,
  repVitBlock,
  repVitM1,
} from '@samgpu/edge-sam';
import { layerNorm, type Tensor, trace, type Weights } from '@samgpu/graph';
import { below } from '@samgpu/sam';

import type { CaseFolder, Family } from '../core/family.ts';
import {
  checkModules,
  type ModuleCheck,
  moduleFacts,
  type ModuleFacts,
  numbersIn,
} from './module-run.ts';

type RecordModule = (x: Tensor, w: Weights) => Readonly<Record<string, Tensor>>;

export const repVitModules: Family = {
  name: 'modules of RepViT',
  matches: ({ variant }) => variant === 'modules_repvit',
  async check(folder) {
    const facts = moduleFacts(folder);
    const checks = await Promise.all(
      facts.modules.map(async (name) => {
        if (/^block(_|$)/.test(name)) return block(folder, facts, name);
        const known = layers[name];
        return known === undefined ? undefined : module(name, known, new Map());
      }),
    );
    await checkModules(
      folder,
      checks.filter((check) => check !== undefined),
    );
  },
};

const layers: Readonly<Record<string, RecordModule>> = {
  upsample: (x) => ({ out: enlarge(x) }),
  layer_norm_2d: (x, w) => ({ out: layerNorm(x, w.at('neck.1'), { epsilon: 1e-6 }) }),
};

/** A block as its case describes it, which need not be one of RepViT-M1. */
async function block(
  { parityCase }: CaseFolder,
  { textOf }: ModuleFacts,
  name: string,
): Promise<ModuleCheck> {
  const text = textOf(name);
  const [index, stride] = [
    ...numbersIn(text, /image_encoder\.features\.(\d+)\./, name),
    ...numbersIn(text, /stride (\d)/, name),
  ] as [number, 1 | 2];
  const { shape } = await parityCase.golden(`${name}.out`); // [1, channels, height, width]
  const config: BlockConfig = {
    width: shape[1]!,
    stride,
    squeeze: text.includes('squeeze-and-excite'),
  };
  const inputs = parityCase.input(`${name}.x`).shape[1]!;
  const path = `features.${index}`;
  return module(
    name,
    (x, w) => {
      const place = w.at(path);
      return {
        token_mixer: mixPixels(x, place.at('token_mixer'), config),
        out: repVitBlock(x, place, config),
      };
    },
    new Map(below(`image_encoder.${path}`, blockShapes(inputs, config))),
  );
}

/** @param record - gives outputs by the ends of their names in the case */
function module(
  name: string,
  record: RecordModule,
  shapes: ReadonlyMap<string, readonly number[]>,
): ModuleCheck {
  return {
    name,
    async check(run) {
      const weights = run.weights(new Map([...imageEncoderShapes(repVitM1), ...shapes]));
      const x = run.map(`${name}.x`);
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) =>
        record(x, w.at('image_encoder')),
      );
      const outputs = await run.run(graph, { x }, weights);
      for (const [output, value] of Object.entries(outputs)) {
        await run.comparePlanes(`${name}.${output}`, value);
      }
    },
  };
}
