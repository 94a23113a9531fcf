import { type HostValue, trace } from '@samgpu/graph';

import type { NetworkCase, PictureCase, Stage } from './case.ts';
import { expectGolden, expectGoldenWindows, isStored } from './golden.ts';
import { channelsFirst, toWindows } from './layout.ts';
import type { Run } from './run.ts';

type Shape4 = readonly [number, number, number, number];

/** What an encoder gave, by name. */
export type FeatureValues = Readonly<Record<string, HostValue>>;

/** The encoder's input against the official one, bit by bit: both resize whole numbers. */
export async function checkInput({ golden, image, decoder }: PictureCase): Promise<void> {
  const side = decoder.imageSize;
  await expectGolden(golden, 'input', channelsFirst(image.tensor, [1, side, side, 3]), 0);
}

/** The features of the picture. */
export async function embed(network: NetworkCase, run: Run): Promise<FeatureValues> {
  const { weights } = network;
  const image = inputOf(network);
  const graph = trace('encoder', { image }, weights.tensors, ({ image }, w) =>
    network.encode(image, w),
  );
  const features = Object.entries(await run(graph, { image }, weights));
  return Object.fromEntries(
    features.map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  );
}

export async function checkEmbedding(
  { golden, limits }: NetworkCase,
  { embedding }: FeatureValues,
): Promise<void> {
  const { shape, data } = embedding!;
  const planes = channelsFirst(data, shape as Shape4);
  await expectGolden(golden, 'embedding', planes, limits.embedding_max_abs);
}

/** Every stage of the encoder, so that a failure names the first one that is off. */
export async function checkEncoderStages(network: NetworkCase, run: Run): Promise<void> {
  const { golden, weights, stageLimit } = network;
  const image = inputOf(network);
  let stages: Readonly<Record<string, Stage>> = {};
  const graph = trace('encoder stages', { image }, weights.tensors, ({ image }, w) => {
    const all = Object.entries(network.stages(image, w));
    stages = Object.fromEntries(all.filter(([name]) => isStored(golden, goldenName(name))));
    return Object.fromEntries(Object.entries(stages).map(([name, { map }]) => [name, map]));
  });
  const outputs = await run(graph, { image }, weights);
  for (const [stage, { layout }] of Object.entries(stages)) {
    const { data, shape } = outputs[stage]!;
    const [name, limit] = [goldenName(stage), stageLimit(stage)];
    if (typeof layout === 'number') {
      const windows = toWindows(data, shape as Shape4, layout);
      await expectGoldenWindows(golden, name, windows, limit);
    } else {
      const official = layout === 'planes' ? channelsFirst(data, shape as Shape4) : data;
      await expectGolden(golden, name, official, limit);
    }
  }
}

/** The maps that HQ-SAM takes besides the embedding are no stages in the names of cases. */
function goldenName(stage: string): string {
  return stage.startsWith('interm.') ? stage : `stage.${stage}`;
}

function inputOf({ image, decoder }: PictureCase): HostValue {
  const side = decoder.imageSize;
  return { shape: [1, side, side, 3], data: image.tensor };
}
