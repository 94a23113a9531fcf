import { MINIMAL_DEVICE } from '@samgpu/kernels';
import { gelu, linear, trace, type WeightInfo } from '@samgpu/graph';
import { describe, expect, test } from 'vitest';

import { planProgram } from '../plan/plan-program.ts';
import { WebGpuError } from '../webgpu-error.ts';
import { adapterKey, rulesFor, TUNED_FORMAT } from './tuned-variants.ts';
import { checkVariantRules, type VariantRule } from './variant-rule.ts';

const manifest = new Map<string, WeightInfo>([
  ['up.weight', { shape: [96, 32], dtype: 'f16' }],
  ['down.weight', { shape: [32, 96], dtype: 'f32' }],
]);

const mlp = trace('mlp', { x: { shape: [200, 32] } }, manifest, ({ x }, w) => ({
  y: linear(gelu(linear(x, w.at('up'))), w.at('down')),
}));

/** The variants of the two products, in order. */
function chosen(variants: readonly VariantRule[], kernels = MINIMAL_DEVICE): string[] {
  const device = { kernels, alignment: 256, storageBuffers: 8, variants };
  return planProgram(mlp, device).steps.map(({ kernel }) => kernel.label.split(' ')[1]!);
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof WebGpuError && error.code === 'variants'
      ? error.message
      : `another error: ${String(error)}`;
  }
  return 'nothing was thrown';
}

describe('rules', () => {
  test('without any the kernels choose', () => {
    expect(chosen([])).toEqual(['tiled-32', 'tiled-32']);
  });

  test.each<[string, VariantRule, string[]]>([
    ['a kernel', { kernel: 'linear', variant: 'tiled-64' }, ['tiled-64', 'tiled-64']],
    [
      'an exact shape',
      { kernel: 'linear', sizes: { rows: 200, depth: 32, columns: 96 }, variant: 'tiled-64' },
      ['tiled-64', 'tiled-32'],
    ],
    [
      'a range, both ends included',
      { kernel: 'linear', sizes: { depth: { least: 96, most: 96 } }, variant: 'few-rows' },
      ['tiled-32', 'few-rows'],
    ],
    [
      'how the weight is stored',
      { kernel: 'linear', weights: 'f16', variant: 'software' },
      ['software', 'tiled-32'],
    ],
    ['another kernel', { kernel: 'matmul', variant: 'tiled-64' }, ['tiled-32', 'tiled-32']],
    [
      'a size that no product has',
      { kernel: 'linear', sizes: { rows: { least: 201 } }, variant: 'tiled-64' },
      ['tiled-32', 'tiled-32'],
    ],
  ])('for %s', (_, rule, expected) => {
    expect(chosen([rule])).toEqual(expected);
  });

  test('the first that fits counts; one that the device cannot run is passed over', () => {
    const rules: VariantRule[] = [
      { kernel: 'linear', variant: 'subgroup-matrix' },
      { kernel: 'linear', weights: 'f32', variant: 'few-rows' },
      { kernel: 'linear', variant: 'tiled-64' },
    ];
    expect(chosen(rules)).toEqual(['tiled-64', 'few-rows']);
    // The software variant goes down the rows first, and this device has one workgroup to go down.
    const narrow = { ...MINIMAL_DEVICE, workgroupsPerDimension: 12 };
    expect(chosen([{ kernel: 'linear', variant: 'software' }], narrow)).toEqual([
      'tiled-32',
      'tiled-32',
    ]);
  });

  test.each<[unknown, RegExp]>([
    [{}, /variants is \{\}, wanted a list of rules/],
    [[7], /variants\[0\] is 7, wanted a rule/],
    [
      [{ kernel: 'lineal', variant: 'tiled-32' }],
      /kernel is "lineal", wanted one of: linear, matmul, /,
    ],
    [[{ kernel: 'toString', variant: 'tiled-32' }], /kernel is "toString"/],
    [
      [{ kernel: 'attention', variant: 'tiled-32' }],
      /variant of attention is "tiled-32".*: tiled, split-keys/,
    ],
    [[{ kernel: 'linear' }], /variant of linear is undefined/],
    [
      [{ kernel: 'linear', variant: 'tiled-32', sizes: { batch: 2 } }],
      /"batch".*: rows, depth, columns/,
    ],
    [[{ kernel: 'linear', variant: 'tiled-32', sizes: { rows: '2' } }], /sizes.rows is "2"/],
    [
      [{ kernel: 'linear', variant: 'tiled-32', sizes: { rows: { min: 2 } } }],
      /wanted a number, or/,
    ],
    [
      [{ kernel: 'linear', variant: 'tiled-32', weights: 'f8' }],
      /weights is "f8".*: f32, f16, int8/,
    ],
    [[{ kernel: 'linear', variant: 'tiled-32', size: {} }], /field of variants\[0\] is "size"/],
  ])('%j is refused', (rules, message) => {
    expect(messageOf(() => checkVariantRules(rules))).toMatch(message);
  });
});

describe('tables by adapter', () => {
  const own = { vendor: 'nvidia', architecture: 'ampere', device: '', description: 'A10' };
  const rule: VariantRule = { kernel: 'linear', variant: 'tiled-64' };
  const table = { format: TUNED_FORMAT, adapters: { [adapterKey(own)]: [rule] } } as const;

  test('hold for their adapter only', () => {
    expect(rulesFor(table, own)).toEqual([rule]);
    expect(rulesFor(table, { ...own, architecture: 'ada' })).toEqual([]);
    expect(rulesFor([rule], own)).toEqual([rule]);
  });

  test('are checked for all adapters', () => {
    const wrong = { ...table, adapters: { other: [{ kernel: 'linear', variant: 'x' }] } };
    expect(messageOf(() => rulesFor(wrong as never, own))).toMatch(/variants of other\[0\]/);
    const later = { ...table, format: 'samgpu variants 2' };
    expect(messageOf(() => rulesFor(later as never, own))).toMatch(/wanted "samgpu variants 1"/);
  });
});
