import type { LinearWeightType } from '@samgpu/kernels';

import { WebGpuError } from '../webgpu-error.ts';
import {
  type KernelTask,
  SIZES,
  type SizesOf,
  type VariantsOf,
  VARIANTS,
  type VariedKernel,
} from './kernel-task.ts';

/** Sizes from `least` to `most`, both included. */
export interface SizeRange {
  readonly least?: number;
  readonly most?: number;
}

interface RuleOf<Name extends VariedKernel> {
  readonly kernel: Name;
  /** Sizes that the rule is for, each exactly or as a range; those left out may be any. */
  readonly sizes?: { readonly [Size in SizesOf[Name]]?: number | SizeRange };
  /** How the weight is stored, for kernels that have one. By default any. */
  readonly weights?: LinearWeightType;
  readonly variant: VariantsOf[Name];
}

/**
 * Which variant of a kernel to take:
 * `{ kernel: 'linear', sizes: { rows: { least: 1024 } }, variant: 'tiled-64' }`.
 *
 * Where the device does not have that variant for a shape, the rule is passed over.
 */
export type VariantRule = { [Name in VariedKernel]: RuleOf<Name> }[VariedKernel];

const WEIGHT_TYPES: readonly string[] = ['f32', 'f16', 'int8'] satisfies LinearWeightType[];
const RULE_FIELDS = new Set(['kernel', 'sizes', 'weights', 'variant']);

/**
 * Checks rules that come from outside the type system, for example from a file.
 *
 * @param where - what they are called in messages
 * @throws WebGpuError `variants` naming what is possible
 */
export function checkVariantRules(value: unknown, where = 'variants'): readonly VariantRule[] {
  if (!Array.isArray(value)) {
    throw new WebGpuError('variants', `${where} is ${describe(value)}, wanted a list of rules`);
  }
  value.forEach((rule: unknown, index) => checkRule(rule, `${where}[${index}]`));
  return value as readonly VariantRule[];
}

function checkRule(rule: unknown, where: string): void {
  if (!isRecord(rule)) {
    throw new WebGpuError('variants', `${where} is ${describe(rule)}, wanted a rule`);
  }
  const { kernel, sizes, weights, variant } = rule;
  const kernels = Object.keys(VARIANTS);
  if (typeof kernel !== 'string' || !Object.hasOwn(VARIANTS, kernel)) {
    throw wrong(`${where}.kernel`, kernel, kernels);
  }
  const name = kernel as VariedKernel;
  const known: readonly string[] = VARIANTS[name];
  if (typeof variant !== 'string' || !known.includes(variant)) {
    throw wrong(`${where}.variant of ${kernel}`, variant, known);
  }
  if (weights !== undefined && !WEIGHT_TYPES.includes(weights as string)) {
    throw wrong(`${where}.weights`, weights, WEIGHT_TYPES);
  }
  const unknown = Object.keys(rule).find((field) => !RULE_FIELDS.has(field));
  if (unknown !== undefined) {
    throw wrong(`a field of ${where}`, unknown, [...RULE_FIELDS]);
  }
  if (sizes === undefined) {
    return;
  }
  if (!isRecord(sizes)) {
    throw new WebGpuError('variants', `${where}.sizes is ${describe(sizes)}, wanted an object`);
  }
  const names: readonly string[] = SIZES[name];
  for (const [size, wanted] of Object.entries(sizes)) {
    if (!names.includes(size)) {
      throw wrong(`a size of ${where}`, size, names);
    }
    if (!isSizePattern(wanted)) {
      throw new WebGpuError(
        'variants',
        `${where}.sizes.${size} is ${describe(wanted)}, wanted a number, or { least, most }`,
      );
    }
  }
}

/** Whether a rule is for a task. */
export function ruleMatches(rule: VariantRule, task: KernelTask): boolean {
  if (rule.kernel !== task.kernel) return false;
  if (rule.weights !== undefined && rule.weights !== task.weights) return false;
  const sizes: Readonly<Record<string, number>> = task.sizes;
  return Object.entries(rule.sizes ?? {}).every(([name, wanted]: [string, number | SizeRange]) => {
    const size = sizes[name]!;
    if (typeof wanted === 'number') return size === wanted;
    const { least = 0, most = Number.POSITIVE_INFINITY } = wanted;
    return size >= least && size <= most;
  });
}

function isSizePattern(value: unknown): value is number | SizeRange {
  if (isRecord(value)) {
    const entries = Object.entries(value);
    return entries.every(([key, bound]) => /^(least|most)$/.test(key) && isSize(bound));
  }
  return isSize(value);
}

function isSize(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(what: string, got: unknown, possible: readonly string[]): WebGpuError {
  const message = `${what} is ${describe(got)}, wanted one of: ${possible.join(', ')}`;
  return new WebGpuError('variants', message);
}

function describe(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
