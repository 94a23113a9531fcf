import { type HostValue, type Tensor, trace } from '@samgpu/graph';
import type { Variant } from '@samgpu/variant';
import { readImage } from 'samgpu';

import { asObject, type NetworkDescription, readNetworkDescription } from '../core/description.ts';
import { runOnce } from '../core/engine.ts';
import { findPicture } from '../core/find-picture.ts';
import type { CaseFolder } from '../core/family.ts';
import { channelsLast } from '../core/layout.ts';
import { UnreadableCaseError } from '../core/result.ts';
import { messageOf } from '../core/stage-list.ts';
import type { CaseRun } from './case-run.ts';
import { checkEncoder, checkInput, type FeatureValues } from './check-encoder.ts';
import { checkPrompt } from './check-prompt.ts';
import { checkSegmenter } from './check-segmenter.ts';
import { checkWeights } from './check-weights.ts';
import { DecoderPrograms } from './decoder-programs.ts';
import type { Network } from './network.ts';
import type { OwnLogits } from './previous-logits.ts';
import { Frame } from './samgpu.ts';

/** A network on a picture, or its decoder on formula inputs, and all prompts of the case. */
export async function checkNetwork(
  folder: CaseFolder,
  build: (description: NetworkDescription) => Network,
): Promise<void> {
  const { parityCase, stages, progress } = folder;
  const description = readNetworkDescription(parityCase.description);
  const network = build(description);
  const variant = takingAllPrompts(network.variant);
  const run: CaseRun = {
    ...folder,
    description,
    network,
    variant,
    weights: parityCase.weights(variant.weightShapes!()),
    frame: new Frame(description.originalSize, variant.preprocessing),
  };
  checkWeights(run);
  const features =
    description.image === undefined
      ? await formulaFeatures(run)
      : await pictureFeatures(run, description.image);

  const own = new Map<string, OwnLogits extends ReadonlyMap<string, infer Value> ? Value : never>();
  const isHeld = ([stage]: readonly [string, unknown]): boolean =>
    parityCase.names.some((name) => `.${name}.`.includes(`.${stage}.`));
  const programs = new DecoderPrograms({
    ...run,
    features,
    stages: (tensors, prompts, w) =>
      Object.fromEntries(Object.entries(network.decoderStages(tensors, prompts, w)).filter(isHeld)),
  });
  try {
    for (const prompt of description.prompts) {
      progress(`prompt ${prompt.name}`);
      try {
        const logits = await checkPrompt(run, prompt, programs, own);
        logits.forEach((value, tag) => own.set(tag, value));
      } catch (error) {
        // The other prompts tell more of what is wrong.
        stages.fail(prompt.name, messageOf(error));
      }
    }
  } finally {
    programs.dispose();
  }
  for (const { tag, prompt } of description.outputs) {
    if (!description.prompts.some(({ name }) => name === prompt)) {
      stages.fail(tag, `it answers prompt ${prompt}, which the case does not have`);
    }
  }
  if (description.image !== undefined && folder.endToEnd) {
    await checkSegmenter(run, description.image, description.prompts, own);
  }
}

/** The official code refuses no kind of prompt, so what a variant refuses is compared all the same. */
export function takingAllPrompts(variant: Variant): Variant {
  const { previousMask } = variant.capabilities;
  return {
    ...variant,
    capabilities: { includePoints: true, excludePoints: true, boxes: true, previousMask },
  };
}

async function pictureFeatures(run: CaseRun, file: string): Promise<FeatureValues> {
  const { width, height } = run.description.originalSize;
  const pixels = await readImage(await findPicture(run.directory, file));
  if (pixels.width !== width || pixels.height !== height) {
    throw new UnreadableCaseError(
      `${file} has ${pixels.width}x${pixels.height} pixels, original_size says ${width}x${height}`,
    );
  }
  const image = await checkInput(run, pixels);
  run.progress('encoder and its stages');
  return checkEncoder(run, image);
}

async function formulaFeatures(run: CaseRun): Promise<FeatureValues> {
  const { parityCase, network, variant, weights, engine } = run;
  const named = Object.keys(
    asObject(parityCase.description['formula_inputs'] ?? {}, 'formula_inputs'),
  );
  const inputs = Object.fromEntries(named.map((name) => [name, formulaMap(run, name)]));
  if (inputs['image_embedding'] === undefined) {
    throw new UnreadableCaseError('case.json: neither image nor formula_inputs.image_embedding');
  }
  const { featuresOf } = network;
  if (featuresOf === undefined) {
    return { embedding: inputs['image_embedding'] };
  }
  const graph = trace(`${variant.name}.features`, inputs, weights.tensors, (tensors, w) => {
    const isInput = new Set<Tensor>(Object.values(tensors));
    const made = Object.entries(featuresOf(tensors, w)).filter(
      ([, tensor]) => !isInput.has(tensor),
    );
    return Object.fromEntries(made);
  });
  const outputs = await runOnce(engine, graph, inputs, weights);
  const made = Object.entries(outputs).map(([name, { shape, data }]): [string, HostValue] => [
    name,
    { shape, data: Float32Array.from(data) },
  ]);
  return { embedding: inputs['image_embedding'], ...Object.fromEntries(made) };
}

/** Embeddings are held with channels first, early maps with channels last. */
function formulaMap({ parityCase }: CaseRun, name: string): HostValue {
  const { shape, values } = parityCase.input(name);
  if (shape.length !== 4) {
    throw new UnreadableCaseError(`formula input ${name} is [${shape.join(', ')}], wanted a map`);
  }
  const [n, first, second, third] = shape as [number, number, number, number];
  return name === 'image_embedding'
    ? {
        shape: [n, second, third, first],
        data: channelsLast(values, [n, first, second, third]),
      }
    : { shape, data: values };
}
