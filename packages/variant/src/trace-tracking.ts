import {
  type Graph,
  nodeAt,
  reshape,
  slice,
  type Tensor,
  type TensorSpec,
  trace,
  type WeightManifest,
} from '@samgpu/graph';

import type { Tracking } from './tracking.ts';
import type { Variant } from './variant.ts';

/** A model that tracks. */
export type TrackingVariant = Variant & { readonly tracking: Tracking };

/** What the graphs of tracking are made for. */
export interface TrackingSource {
  readonly variant: TrackingVariant;
  readonly manifest: WeightManifest;
  /** Of the variant, for the shapes of its features. */
  readonly encoder: Graph;
}

/** Name of the input that holds an object's memory of a frame. */
export function memoryInput(object: number, frame: number): string {
  return `memory.${object}.${frame}`;
}

/** Name of the output that holds what is to be remembered of an object. */
export function memoryOutput(object: number): string {
  return `memory.${object}`;
}

/**
 * How a frame is seen in the light of memories: inputs are the features, one memory per object and
 * frame, and the other tensors of `MemoryTensors`; the output is `recalled`.
 */
export function traceRecall(
  { variant, manifest, encoder }: TrackingSource,
  sizes: { readonly objects: number; readonly frames: number; readonly pointers: number },
): Graph {
  const { tracking, name } = variant;
  const { objects, frames, pointers } = sizes;
  const { cells, width, pointerWidth } = tracking.memory;
  const memories: Record<string, TensorSpec> = {};
  for (let object = 0; object < objects; object++) {
    for (let frame = 0; frame < frames; frame++) {
      memories[memoryInput(object, frame)] = { shape: [1, cells, width] };
    }
  }
  const features = featureSpecs(encoder);
  return trace(
    `${name}.recall.${objects}x${frames}+${pointers}`,
    {
      ...features,
      ...memories,
      ages: { shape: [objects, frames], dtype: 'i32' },
      pointers: { shape: [objects, pointers, pointerWidth] },
      distances: { shape: [objects, pointers] },
      hasPointer: { shape: [objects, pointers] },
    },
    manifest,
    (inputs, weights) => ({
      recalled: tracking.recall(
        pick(inputs, features),
        {
          memories: Array.from({ length: objects }, (_, object) =>
            Array.from(
              { length: frames },
              (_, frame) => (inputs as Record<string, Tensor>)[memoryInput(object, frame)]!,
            ),
          ),
          ages: inputs.ages,
          pointers: inputs.pointers,
          distances: inputs.distances,
          hasPointer: inputs.hasPointer,
        },
        weights,
      ),
    }),
  );
}

/**
 * How objects are found on a frame: inputs are the features, `recalled` unless it is the first look at
 * them, the tensors of `PromptTensors` and `takesBest`; outputs are those of `TrackedOutput`.
 *
 * @param recalled - shape of what `traceRecall` gives for these objects
 */
export function traceTrack(
  { variant, manifest, encoder }: TrackingSource,
  { objects, tokens }: { readonly objects: number; readonly tokens: number },
  recalled: readonly number[] | undefined,
): Graph {
  const { tracking, masks, name } = variant;
  const side = masks.logitSize;
  const features = featureSpecs(encoder);
  return trace(
    `${name}.${recalled === undefined ? 'first' : 'track'}.${objects}x${tokens}`,
    {
      ...features,
      ...(recalled === undefined ? {} : { recalled: { shape: recalled } }),
      points: { shape: [objects, tokens, 2] },
      labels: { shape: [objects, tokens], dtype: 'i32' },
      mask: { shape: [objects, side, side, 1] },
      hasMask: { shape: [objects] },
      takesBest: { shape: [objects] },
    },
    manifest,
    (inputs, weights) => {
      const { points, labels, mask, hasMask, takesBest } = inputs as Record<string, Tensor>;
      const prompts = { points: points!, labels: labels!, mask: mask!, hasMask: hasMask! };
      return {
        ...tracking.track(pick(inputs, features), inputs['recalled'], prompts, takesBest!, weights),
      };
    },
  );
}

/**
 * What is to be remembered of a frame: inputs are the features and the tensors of `MaskTensors`; there
 * is one output for each object, so that each can be kept as long as it is needed.
 */
export function traceRemember(
  { variant, manifest, encoder }: TrackingSource,
  objects: number,
): Graph {
  const { tracking, masks, name } = variant;
  const { cells, width } = tracking.memory;
  const features = featureSpecs(encoder);
  return trace(
    `${name}.remember.${objects}`,
    {
      ...features,
      logits: { shape: [objects, masks.logitSize, masks.logitSize] },
      isGiven: { shape: [objects] },
      objectScore: { shape: [objects] },
    },
    manifest,
    (inputs, weights) => {
      const { logits, isGiven, objectScore } = inputs as Record<string, Tensor>;
      const memory = tracking.remember(
        pick(inputs, features),
        { logits: logits!, isGiven: isGiven!, objectScore: objectScore! },
        weights,
      );
      return Object.fromEntries(
        Array.from({ length: objects }, (_, object) => [
          memoryOutput(object),
          reshape(slice(memory, 0, object, object + 1), [1, cells, width]),
        ]),
      );
    },
  );
}

/** What points to an object whose mask a user gave: inputs are the features and `mask`. */
export function tracePointTo({ variant, manifest, encoder }: TrackingSource): Graph {
  const { tracking, preprocessing, name } = variant;
  const { size } = preprocessing;
  const features = featureSpecs(encoder);
  return trace(
    `${name}.point-to`,
    { ...features, mask: { shape: [1, size, size, 1] } },
    manifest,
    (inputs, weights) => ({
      ...tracking.pointTo(pick(inputs, features), inputs.mask, weights),
    }),
  );
}

function featureSpecs(encoder: Graph): Record<string, TensorSpec> {
  return Object.fromEntries(
    [...encoder.outputs].map(([name, id]) => {
      const { shape, dtype } = nodeAt(encoder.nodes, id);
      return [name, { shape, dtype }];
    }),
  );
}

function pick(
  inputs: Readonly<Record<string, Tensor>>,
  specs: Readonly<Record<string, TensorSpec>>,
): Record<string, Tensor> {
  return Object.fromEntries(Object.keys(specs).map((name) => [name, inputs[name]!]));
}
