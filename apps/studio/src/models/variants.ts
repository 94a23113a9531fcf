import { edgeSam } from '@samgpu/edge-sam';
import { efficientSamSmall, efficientSamTiny } from '@samgpu/efficient-sam';
import { mobileSam } from '@samgpu/mobile-sam';
import { nano } from '@samgpu/nano';
import { samVitB, samVitH, samVitL } from '@samgpu/sam';
import {
  sam20BasePlus,
  sam20Large,
  sam20Small,
  sam20Tiny,
  sam2BasePlus,
  sam2Large,
  sam2Small,
  sam2Tiny,
} from '@samgpu/sam2';
import { hqVitB, hqVitH, hqVitL, hqVitTiny } from '@samgpu/sam-hq';
import type { Variant } from '@samgpu/variant';

/** Every model, in the order in which they are offered. */
export const variants: readonly Variant[] = [
  nano,
  mobileSam,
  efficientSamTiny,
  efficientSamSmall,
  edgeSam,
  sam2Tiny,
  sam2Small,
  sam2BasePlus,
  sam2Large,
  samVitB,
  samVitL,
  samVitH,
  hqVitTiny,
  hqVitB,
  hqVitL,
  hqVitH,
  sam20Tiny,
  sam20Small,
  sam20BasePlus,
  sam20Large,
];

/** The name of a model's file on its official server, and on mirrors. */
export function fileNameOf({ weights }: Variant): string {
  return weights.kind === 'file'
    ? (weights.url.pathname.split('/').at(-1) ?? '')
    : (weights.files[0] ?? '');
}

/**
 * The same models with their files taken from a folder, as the official servers let no page read
 * theirs. Hashes stay pinned, so the folder need not be trusted. What comes along stays where it is.
 */
export function variantsFrom(folder: URL): readonly Variant[] {
  return variants.map((variant) => {
    const { weights } = variant;
    if (variant === nano || weights.kind !== 'file') return variant;
    return { ...variant, weights: { ...weights, url: new URL(fileNameOf(variant), folder) } };
  });
}
