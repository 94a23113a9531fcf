import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { toFloat32 } from '@samgpu/weights';
import { describe, expect, test } from 'vitest';

import {
  type FormulaFamily,
  type FormulaOptions,
  formulaRule,
  formulaTensor,
  FormulaWeightStore,
  openParityCase,
  sharedPath,
} from './index.ts';

interface Check {
  readonly key: string;
  readonly shape: readonly number[];
  readonly family: FormulaFamily;
  readonly gain?: number;
  readonly seed: number;
  readonly rule: string;
  readonly scale: number;
  readonly first: readonly number[];
}

// Written down by the program that ran the official networks.
const checks: readonly Check[] = [
  {
    key: 'image_encoder.features.0.0.c.weight',
    shape: [24, 3, 3, 3],
    family: 'sam',
    seed: 1,
    rule: 'g1',
    scale: 0.3333333432674408,
    first: [0.24710893630981445, 0.1843973845243454, -0.24380779266357422, 0.11934980005025864],
  },
  {
    key: 'image_encoder.features.0.0.bn.running_var',
    shape: [24],
    family: 'sam',
    seed: 1,
    rule: 'a',
    scale: 0.5,
    first: [1.0489158630371094, 0.6156594753265381, 0.8137171268463135, 0.6220216155052185],
  },
  {
    key: 'image_encoder.features.1.token_mixer.0.conv.c.weight',
    shape: [48, 1, 3, 3],
    family: 'sam',
    seed: 1,
    rule: 'g1*0.3',
    scale: 0.17320507764816284,
    first: [0.060292553156614304, 0.06275829672813416, 0.11257994920015335, 0.05863107740879059],
  },
  {
    key: 'sam_mask_decoder.output_upscaling.0.weight',
    shape: [256, 64, 2, 2],
    family: 'sam2',
    seed: 1,
    rule: 'g2',
    scale: 0.10825317353010178,
    first: [-0.05857807770371437, 0.06442603468894958, -0.07590547204017639, 0.08199218660593033],
  },
  {
    key: 'model.0.conv.weight',
    shape: [32, 3, 3, 3],
    family: 'fastsam',
    gain: 1.5,
    seed: 11,
    rule: 'g1*1.5',
    scale: 0.5,
    first: [0.3491712808609009, -0.330377995967865, -0.3735325336456299, 0.30204570293426514],
  },
  {
    key: 'model.22.cv3.0.2.weight',
    shape: [1, 128, 1, 1],
    family: 'fastsam',
    gain: 1.5,
    seed: 11,
    rule: 'g1*0.5',
    scale: 0.0765465572476387,
    first: [0.03127770498394966, 0.011132948100566864, -0.06594031304121017, 0.07562118768692017],
  },
];

describe('formulaTensor', () => {
  test.each(checks)('is exact for $key', (check) => {
    const { key, shape, rule, scale, first, ...options } = check;
    expect(formulaRule(key, shape, options)).toMatchObject({ rule, scale });
    const values = formulaTensor(key, shape, options);
    expect(values.length).toBe(shape.reduce((product, length) => product * length));
    expect([...values.subarray(0, first.length)]).toEqual(first);
  });

  test.each<[FormulaFamily, string, readonly number[], string]>([
    ['sam', 'image_encoder.blocks.0.attn.rel_pos_h', [27, 64], 'f1'],
    ['sam', 'image_encoder.pos_embed', [1, 64, 64, 768], 'f1'],
    ['sam', 'image_encoder.layers.1.blocks.0.attn.attention_biases', [4, 49], 'f3'],
    ['sam', 'prompt_encoder.point_embeddings.weight', [6, 192], 'f1'],
    ['sam', 'mask_decoder.final_output_upscaling_layers.1.0.weight', [64, 32, 2, 2], 'g2'],
    ['sam', 'mask_decoder.final_output_upscaling_layers.0.1.weight', [64], 'd'],
    ['sam', 'mask_decoder.compress_vit_feat.3.weight', [256, 32, 2, 2], 'g2'],
    ['sam', 'mask_decoder.compress_vit_feat.1.weight', [256], 'd'],
    ['sam', 'mask_decoder.iou_token.weight', [1, 256], 'f1'],
    ['sam2', 'no_mem_embed', [1, 1, 256], 'f1'],
    ['sam2', 'image_encoder.trunk.blocks.0.attn.rel_pos_h', [27, 64], 'g1'],
    ['sam2', 'memory_encoder.fuser.layers.0.gamma', [256], 'e'],
    ['sam2', 'obj_ptr_tpos_proj.weight', [64, 256], 'g1'],
    ['fastsam', 'model.22.proto.upsample.weight', [128, 128, 2, 2], 'g2'],
    ['fastsam', 'model.22.dfl.conv.weight', [1, 16, 1, 1], 'official value'],
    ['sam', 'bn.num_batches_tracked', [], 'c'],
  ])('follows for %s %s %j rule %s', (family, key, shape, rule) => {
    expect(formulaRule(key, shape, { family }).rule).toBe(rule);
  });

  test('adds offsets and ramps in double precision and rounds once', () => {
    const plain = formulaTensor('x.bias', [20], { seed: 1 });
    const offset = formulaTensor('x.bias', [20], { seed: 1, offsets: new Map([['x.bias', 1.5]]) });
    const ramp = formulaTensor('x.bias', [20], { seed: 1, ramps: new Map([['x.bias', -0.6]]) });
    expect(offset).toEqual(plain.map((value) => value + 1.5));
    expect(ramp).toEqual(plain.map((value, i) => value - 0.6 * (i % 16)));
    const other = new Map([['y.bias', 1]]);
    expect(formulaTensor('x.bias', [20], { seed: 1, offsets: other, ramps: other })).toEqual(plain);
  });

  test('has the official bins of FastSAM', () => {
    const bins = formulaTensor('model.22.dfl.conv.weight', [1, 16, 1, 1], {
      seed: 1,
      family: 'fastsam',
    });
    expect([...bins]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  });
});

describe('FormulaWeightStore', () => {
  const shapes = new Map([
    ['norm.weight', [4]],
    ['norm.num_batches_tracked', []],
  ]);
  const store = new FormulaWeightStore(shapes, { seed: 5 });

  test('gives float32, and int64 for counters', async () => {
    expect(store.tensors.get('norm.weight')).toEqual({ shape: [4], dtype: 'f32' });
    expect(toFloat32(await store.read('norm.weight'), 'f32')).toEqual(
      formulaTensor('norm.weight', [4], { seed: 5 }),
    );
    expect(store.tensors.get('norm.num_batches_tracked')).toEqual({ shape: [], dtype: 'i64' });
    expect(await store.read('norm.num_batches_tracked')).toEqual(new Uint8Array(8));
  });

  test('has a fingerprint that tells seed, shapes and additions apart', () => {
    const prints = [
      store,
      new FormulaWeightStore(shapes, { seed: 6 }),
      new FormulaWeightStore(new Map([['norm.weight', [4]]]), { seed: 5 }),
      new FormulaWeightStore(shapes, { seed: 5, family: 'sam2' }),
      new FormulaWeightStore(shapes, { seed: 5, offsets: new Map([['norm.weight', 1]]) }),
      new FormulaWeightStore(shapes, { seed: 5, ramps: new Map([['norm.weight', 1]]) }),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    expect(new FormulaWeightStore(new Map(shapes), { seed: 5 }).fingerprint).toBe(prints[0]);
  });

  test('rejects a tensor that is not there', async () => {
    await expect(store.read('weight')).rejects.toMatchObject({ code: 'missing-tensor' });
  });
});

interface StoredCheck {
  readonly shape: readonly number[];
  readonly rule: string;
  readonly offset?: number;
  readonly scale?: number;
  readonly first4?: readonly number[];
  readonly last4?: readonly number[];
}

interface UniqueCheck {
  readonly key: string;
  readonly stored: StoredCheck;
  readonly options: FormulaOptions;
}

/** The checks of all cases. Cases of one network repeat the same ones. */
async function collectChecks(directory: string): Promise<readonly UniqueCheck[]> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const checks = new Map<string, UniqueCheck>();
  for (const file of files.filter((name) => name.endsWith('golden.safetensors'))) {
    const { description, formula } = await openParityCase(join(directory, dirname(file)));
    const weights = description['weights'] as { check: object } | undefined;
    const entries = Object.entries(description['weights_check'] ?? weights?.check ?? {});
    // The checks are of the formula alone.
    const { offsets: _offsets, ramps: _ramps, ...options } = formula;
    for (const [key, stored] of entries as [string, StoredCheck][]) {
      checks.set(JSON.stringify([key, stored, options]), { key, stored, options });
    }
  }
  return [...checks.values()];
}

const parity = sharedPath('parity');

test.skipIf(parity === undefined)(
  'every check in the parity data is met (needs ../shared)',
  async () => {
    const checks = await collectChecks(parity ?? '');
    expect(checks.length).toBeGreaterThan(200);
    for (const { key, stored, options } of checks) {
      expect(checkOf(key, stored, options)).toEqual({ key, ...stored });
    }
  },
);

/** What this implementation would write for a check: the same fields, computed. */
function checkOf(key: string, stored: StoredCheck, options: FormulaOptions): object {
  const values = formulaTensor(key, stored.shape, options);
  const { rule, offset, scale } = formulaRule(key, stored.shape, options);
  const { first4, last4 } = stored;
  return {
    key,
    shape: stored.shape,
    rule,
    ...(stored.offset !== undefined && { offset }),
    ...(stored.scale !== undefined && { scale }),
    ...(first4 && { first4: [...values.subarray(0, first4.length)] }),
    ...(last4 && { last4: [...values.subarray(values.length - last4.length)] }),
  };
}
