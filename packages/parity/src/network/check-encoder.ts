import { type HostValue, trace } from '@samgpu/graph';
import type { ImagePreprocessing } from '@samgpu/variant';
import type { PixelImage } from 'samgpu';

import { runOnce } from '../core/engine.ts';
import { channelsFirst, toWindows } from '../core/layout.ts';
import { mergeDuplicates } from '../core/merge-duplicates.ts';
import type { Limit } from '../core/stage-list.ts';
import type { CaseRun } from './case-run.ts';
import type { Stage } from './network.ts';
import { preprocessImage, resizeRows, SourceRows } from './samgpu.ts';
import { stageLimit } from './stage-limits.ts';

type Shape4 = readonly [number, number, number, number];

/** What an encoder gave, by name. */
export type FeatureValues = Readonly<Record<string, HostValue>>;

/**
 * Resamplers of whole numbers are the official ones bit by bit. Those of floats add float32 products
 * in another order, which is divided by a deviation of 0.22: four steps of 2.4e-7.
 */
export const INPUT_LIMITS: Readonly<Record<ImagePreprocessing['resample']['shrink'], number>> = {
  'pillow-bilinear': 0,
  'pillow-bicubic': 0,
  'opencv-area': 0,
  'opencv-linear': 0,
  'torch-bilinear': 1e-6,
  'torch-bilinear-antialias': 2e-6,
};

/** The encoder's input, made by the code that `Segmenter.encode` runs. */
export async function checkInput(
  { variant, stages }: CaseRun,
  pixels: PixelImage,
): Promise<HostValue> {
  const rules = variant.preprocessing;
  const { tensor, frame } = preprocessImage(pixels, rules);
  const shape: Shape4 = [1, rules.size, rules.size, 3];
  const shrinks = Math.max(pixels.width, pixels.height) > rules.size;
  const method = rules.resample[shrinks ? 'shrink' : 'enlarge'];

  const resized: number[] = [];
  resizeRows(new SourceRows(pixels), frame.resized, method, {
    bytes: (row) => void resized.push(...row),
    floats: () => undefined,
  });
  if (resized.length > 0) {
    await stages.compare('resized_u8', resized, { maxAbs: 0 });
  } else {
    stages.leaveOut('resized_u8', 'the picture is resized as floats and never held in bytes');
  }
  await stages.compare('input', channelsFirst(tensor, shape), { maxAbs: INPUT_LIMITS[method] });
  return { shape, data: tensor };
}

/**
 * The encoder and every stage of it that the case holds, in one run.
 *
 * @returns the features for the decoder
 */
export async function checkEncoder(run: CaseRun, image: HostValue): Promise<FeatureValues> {
  const { parityCase, network, variant, weights, stages, engine } = run;
  const places = new Map<string, Stage>();
  let featureNames: readonly string[] = [];
  const graph = trace(`${variant.name}.stages`, { image }, weights.tensors, ({ image }, w) => {
    const features = variant.encode(image, w);
    featureNames = Object.keys(features);
    const early = network.early?.(image, w) ?? [];
    const all: (readonly [string, Stage])[] = [
      ...Object.entries(network.stages(image, w)).map(
        ([name, stage]) => [`stage.${name}`, stage] as const,
      ),
      ...early.map((map, index) => [`interm.${index}`, { map, layout: 'rows' }] as const),
    ];
    for (const [name, stage] of all) {
      if (parityCase.has(name)) places.set(name, stage);
    }
    return {
      ...features,
      ...Object.fromEntries(Array.from(places, ([name, { map }]) => [name, map])),
    };
  });
  const outputs = await runOnce(engine, mergeDuplicates(graph), { image }, weights);

  for (const [name, { layout }] of places) {
    const { data, shape } = outputs[name]!;
    const limit = await limitOf(run, name);
    if (typeof layout === 'number') {
      const { values, inside } = toWindows(data, shape as Shape4, layout);
      await stages.compare(name, values, limit, { inside });
    } else {
      const official = layout === 'planes' ? channelsFirst(data, shape as Shape4) : data;
      await stages.compare(name, official, limit);
    }
  }
  const embedding = outputs['embedding'];
  if (embedding !== undefined) {
    const planes = channelsFirst(embedding.data, embedding.shape as Shape4);
    await stages.compare('embedding', planes, { maxAbs: run.description.limits.embedding });
  }
  return Object.fromEntries(
    featureNames.map((name) => {
      const { shape, data } = outputs[name]!;
      return [name, { shape, data: Float32Array.from(data) }];
    }),
  );
}

/** The limit of an early map is that of the stage that it is. */
function limitOf({ parityCase, description, network }: CaseRun, name: string): Promise<Limit> {
  const [kind, ...rest] = name.split('.');
  const stage =
    kind === 'interm' ? (network.earlyStages?.[Number(rest[0])] ?? name) : rest.join('.');
  return stageLimit(parityCase, description.limits, stage, name);
}
