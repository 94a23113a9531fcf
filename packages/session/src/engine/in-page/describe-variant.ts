import type { Variant } from '@samgpu/variant';

import type { EngineCapabilities, ModelDescription } from '../model-description.ts';

/** What an engine can do beside a model. */
export interface EngineExtras {
  /** Whether it has a grounder, which gives boxes. */
  readonly text: boolean;
}

export function capabilitiesOf(
  { capabilities, tracking }: Variant,
  { text }: EngineExtras,
): EngineCapabilities {
  return {
    ...capabilities,
    everything: capabilities.includePoints,
    text: text && capabilities.boxes,
    matte: true,
    video: tracking !== undefined,
  };
}

export function describeVariant(variant: Variant, extras: EngineExtras): ModelDescription {
  const { name, title, description, licence, weights } = variant;
  return {
    name,
    title,
    description,
    licence,
    bytes: weights.kind === 'file' ? weights.bytes : undefined,
    ...(weights.kind === 'brought' && { weightsNeeded: weights.reason }),
    capabilities: capabilitiesOf(variant, extras),
  };
}
