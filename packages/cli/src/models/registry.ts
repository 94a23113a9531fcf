import type { Variant } from '@samgpu/variant';

import { UsageError } from '../usage-error.ts';

/** A model that comes with the command, and where it is exported, for examples of code. */
export interface RegisteredModel {
  readonly package: string;
  readonly export: string;
  /** Imports it: only what is used is loaded. */
  load(): Promise<Variant>;
}

function model<Name extends string>(
  packageName: string,
  exported: Name,
  load: () => Promise<Readonly<Record<Name, Variant>>>,
): RegisteredModel {
  return { package: packageName, export: exported, load: async () => (await load())[exported] };
}

const models: Readonly<Record<string, RegisteredModel>> = {
  nano: model('@samgpu/nano', 'nano', () => import('@samgpu/nano')),
  'mobile-sam': model('@samgpu/mobile-sam', 'mobileSam', () => import('@samgpu/mobile-sam')),
  'sam-vit-b': model('@samgpu/sam', 'samVitB', () => import('@samgpu/sam')),
  'sam-vit-l': model('@samgpu/sam', 'samVitL', () => import('@samgpu/sam')),
  'sam-vit-h': model('@samgpu/sam', 'samVitH', () => import('@samgpu/sam')),
  'sam2.1-tiny': model('@samgpu/sam2', 'sam2Tiny', () => import('@samgpu/sam2')),
  'sam2.1-small': model('@samgpu/sam2', 'sam2Small', () => import('@samgpu/sam2')),
  'sam2.1-base-plus': model('@samgpu/sam2', 'sam2BasePlus', () => import('@samgpu/sam2')),
  'sam2.1-large': model('@samgpu/sam2', 'sam2Large', () => import('@samgpu/sam2')),
  'sam2-tiny': model('@samgpu/sam2', 'sam20Tiny', () => import('@samgpu/sam2')),
  'sam2-small': model('@samgpu/sam2', 'sam20Small', () => import('@samgpu/sam2')),
  'sam2-base-plus': model('@samgpu/sam2', 'sam20BasePlus', () => import('@samgpu/sam2')),
  'sam2-large': model('@samgpu/sam2', 'sam20Large', () => import('@samgpu/sam2')),
  'sam-hq-vit-tiny': model('@samgpu/sam-hq', 'hqVitTiny', () => import('@samgpu/sam-hq')),
  'sam-hq-vit-b': model('@samgpu/sam-hq', 'hqVitB', () => import('@samgpu/sam-hq')),
  'sam-hq-vit-l': model('@samgpu/sam-hq', 'hqVitL', () => import('@samgpu/sam-hq')),
  'sam-hq-vit-h': model('@samgpu/sam-hq', 'hqVitH', () => import('@samgpu/sam-hq')),
  'efficient-sam-ti': model(
    '@samgpu/efficient-sam',
    'efficientSamTiny',
    () => import('@samgpu/efficient-sam'),
  ),
  'efficient-sam-s': model(
    '@samgpu/efficient-sam',
    'efficientSamSmall',
    () => import('@samgpu/efficient-sam'),
  ),
  'edge-sam': model('@samgpu/edge-sam', 'edgeSam', () => import('@samgpu/edge-sam')),
};

export const modelNames: readonly string[] = Object.keys(models);

/** Of the models that follow objects through videos. */
export const trackerNames: readonly string[] = modelNames.filter(
  (name) => models[name]!.package === '@samgpu/sam2',
);

export const defaultModel = 'nano';

/** @throws UsageError for an unknown name */
export function requireModelName(name: string): void {
  registeredModel(name);
}

/** @throws UsageError for an unknown name */
export function registeredModel(name: string): RegisteredModel {
  const found = Object.hasOwn(models, name) ? models[name] : undefined;
  if (found === undefined) {
    throw new UsageError(
      `There is no model "${name}"; wanted ${modelNames.join(', ')}. See: samgpu models`,
    );
  }
  return found;
}

/** @throws UsageError for an unknown name */
export async function loadVariant(name: string): Promise<Variant> {
  return registeredModel(name).load();
}
