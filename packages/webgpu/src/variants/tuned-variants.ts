import type { AdapterIdentity } from '../device/software-adapter.ts';
import { WebGpuError } from '../webgpu-error.ts';
import { checkVariantRules, type VariantRule } from './variant-rule.ts';

/**
 * What tuning found, by adapter: plain JSON, to be kept or shipped and passed back as `variants`. A
 * backend takes the rules of its own adapter and no others.
 */
export interface TunedVariants {
  readonly format: typeof TUNED_FORMAT;
  /** By what {@link adapterKey} gives. */
  readonly adapters: Readonly<Record<string, readonly VariantRule[]>>;
}

export const TUNED_FORMAT = 'samgpu variants 1';

/** What tells adapters apart: vendor, architecture, device and description. */
export function adapterKey({ vendor, architecture, device, description }: AdapterIdentity): string {
  return [vendor, architecture, device, description].join(' / ');
}

/**
 * The rules for an adapter in what a caller passes as `variants`.
 *
 * @throws WebGpuError `variants` for anything that is neither rules nor what tuning gives
 */
export function rulesFor(
  variants: readonly VariantRule[] | TunedVariants,
  adapter: AdapterIdentity,
): readonly VariantRule[] {
  if (!isTuned(variants)) {
    return checkVariantRules(variants);
  }
  const { format, adapters } = variants;
  if (format !== TUNED_FORMAT || typeof adapters !== 'object' || adapters === null) {
    throw new WebGpuError(
      'variants',
      `variants of the format ${JSON.stringify(format)}, wanted "${TUNED_FORMAT}" with the rules of ` +
        'adapters, or a list of rules; tune again with this version',
    );
  }
  // All are checked, so that a mistake shows on any machine.
  const checked = Object.entries(adapters).map(
    ([key, rules]) => [key, checkVariantRules(rules, `variants of ${key}`)] as const,
  );
  const own = adapterKey(adapter);
  return checked.find(([key]) => key === own)?.[1] ?? [];
}

function isTuned(variants: readonly VariantRule[] | TunedVariants): variants is TunedVariants {
  return typeof variants === 'object' && variants !== null && 'format' in variants;
}
