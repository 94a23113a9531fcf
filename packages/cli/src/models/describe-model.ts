import type { Variant } from '@samgpu/variant';

import type { ModelPlace, WeightsState } from './cached-model.ts';

/** A model as `samgpu models --json` shows it. */
export interface ModelDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly licence: string;
  /** What the licence means for users, where that is not obvious. */
  readonly licenceNote?: string;
  /** Size of the weights, where it is known. */
  readonly bytes?: number;
  /** Numbers in the weights, where the model lists its tensors. */
  readonly parameters?: number;
  readonly state: WeightsState;
  /** What of it lies in the cache. */
  readonly cachedBytes?: number;
  /** Side of the square that pictures are scaled to, in pixels. */
  readonly inputSize: number;
  /** Kinds of prompts: points, exclude points, boxes, masks. */
  readonly takes: readonly string[];
  /** Ways of answering to choose from by `--mode`, where there are several. */
  readonly modes?: readonly string[];
}

export function describeModel(variant: Variant, place: ModelPlace): ModelDescription {
  const { name, title, description, licence, weights, preprocessing, capabilities } = variant;
  const { answers } = variant.masks;
  const kinds: readonly (readonly [boolean, string])[] = [
    [capabilities.includePoints, 'points'],
    [capabilities.excludePoints, 'exclude points'],
    [capabilities.boxes, 'boxes'],
    [capabilities.previousMask, 'masks'],
  ];
  return {
    name,
    title,
    description,
    licence: licence.name,
    ...(licence.note !== undefined && { licenceNote: licence.note }),
    ...(weights.kind === 'file' && weights.bytes !== undefined && { bytes: weights.bytes }),
    ...(variant.weightShapes !== undefined && {
      parameters: parametersOf(variant.weightShapes()),
    }),
    state: place.state,
    ...(place.bytes !== undefined && { cachedBytes: place.bytes }),
    inputSize: preprocessing.size,
    takes: kinds.flatMap(([isTaken, kind]) => (isTaken ? [kind] : [])),
    ...(answers.length > 1 && { modes: answers.map((mode) => mode.name) }),
  };
}

function parametersOf(shapes: ReadonlyMap<string, readonly number[]>): number {
  let count = 0;
  for (const shape of shapes.values()) {
    count += shape.reduce((product, length) => product * length, 1);
  }
  return count;
}
