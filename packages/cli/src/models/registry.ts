import type { Variant } from '@samgpu/variant';

import { UsageError } from '../usage-error.ts';

/** The models that come with the command. Each is imported only when it is used. */
const loaders: Readonly<Record<string, () => Promise<Variant>>> = {
  nano: async () => (await import('@samgpu/nano')).nano,
  'mobile-sam': async () => (await import('@samgpu/mobile-sam')).mobileSam,
  'sam-vit-b': async () => (await import('@samgpu/sam')).samVitB,
  'sam-vit-l': async () => (await import('@samgpu/sam')).samVitL,
  'sam-vit-h': async () => (await import('@samgpu/sam')).samVitH,
  'sam2.1-tiny': async () => (await import('@samgpu/sam2')).sam2Tiny,
  'sam2.1-small': async () => (await import('@samgpu/sam2')).sam2Small,
  'sam2.1-base-plus': async () => (await import('@samgpu/sam2')).sam2BasePlus,
  'sam2.1-large': async () => (await import('@samgpu/sam2')).sam2Large,
  'sam2-tiny': async () => (await import('@samgpu/sam2')).sam20Tiny,
  'sam2-small': async () => (await import('@samgpu/sam2')).sam20Small,
  'sam2-base-plus': async () => (await import('@samgpu/sam2')).sam20BasePlus,
  'sam2-large': async () => (await import('@samgpu/sam2')).sam20Large,
  'sam-hq-vit-tiny': async () => (await import('@samgpu/sam-hq')).hqVitTiny,
  'sam-hq-vit-b': async () => (await import('@samgpu/sam-hq')).hqVitB,
  'sam-hq-vit-l': async () => (await import('@samgpu/sam-hq')).hqVitL,
  'sam-hq-vit-h': async () => (await import('@samgpu/sam-hq')).hqVitH,
  'efficient-sam-ti': async () => (await import('@samgpu/efficient-sam')).efficientSamTiny,
  'efficient-sam-s': async () => (await import('@samgpu/efficient-sam')).efficientSamSmall,
  'edge-sam': async () => (await import('@samgpu/edge-sam')).edgeSam,
};

export const modelNames: readonly string[] = Object.keys(loaders);

export const defaultModel = 'nano';

/** @throws UsageError for an unknown name */
export function requireModelName(name: string): void {
  if (Object.hasOwn(loaders, name)) return;
  throw new UsageError(
    `There is no model "${name}"; wanted ${modelNames.join(', ')}. See: samgpu models`,
  );
}

/** @throws UsageError for an unknown name */
export async function loadVariant(name: string): Promise<Variant> {
  requireModelName(name);
  return loaders[name]!();
}
