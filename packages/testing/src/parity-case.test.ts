import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type TensorToWrite, writeSafetensors } from '@samgpu/weights';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  compare,
  expectClose,
  formulaTensor,
  openParityCase,
  sharedPath,
  takeSamples,
} from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-testing-'));
});
afterAll(() => rm(folder, { recursive: true }));

const whole = Float32Array.from({ length: 600 }, (_, i) => i / 4);
const f32 = (values: readonly number[] | Float32Array, shape: number[]): TensorToWrite => ({
  dtype: 'f32',
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

async function write(
  description: object,
  tensors: readonly (readonly [string, TensorToWrite])[],
): Promise<void> {
  await writeFile(join(folder, 'case.json'), JSON.stringify(description));
  await writeFile(join(folder, 'golden.safetensors'), writeSafetensors(tensors));
}

const packed: TensorToWrite = { dtype: 'u8', shape: [2, 1], bytes: Uint8Array.of(0b101, 0b110) };
const halves: TensorToWrite = {
  dtype: 'f16',
  shape: [2],
  bytes: new Uint8Array(Uint16Array.of(0x3c00, 0xc000).buffer),
};

describe('a case of the SAM family', () => {
  beforeAll(async () => {
    await write(
      {
        format: 1,
        variant: 'edge_sam',
        seed: 11,
        formula_inputs: {
          image_embedding: { key: 'formula.image_embedding', shape: [2, 3], offset: 0, scale: 2 },
        },
        tensors: {
          'embedding.sample': {
            shape: [20, 30],
            sampled: true,
            stats: { mean: 1, std: 2, absmax: 3 },
          },
          'p1.iou': { shape: [2], sampled: false },
          'p1.low_res.f16': { shape: [2], sampled: false },
          'p1.masks': { shape: [2, 1, 3], packed_bits: true },
        },
      },
      [
        ['embedding.sample', f32(takeSamples(whole, 50), [50])],
        ['p1.iou', f32([0.5, 1.5], [2])],
        ['p1.low_res.f16', halves],
        ['p1.masks', packed],
      ],
    );
  });

  test('finds tensors with and without suffix and picks samples from whole ones', async () => {
    const parityCase = await openParityCase(folder);
    const golden = await parityCase.golden('embedding');
    expect(golden.storedName).toBe('embedding.sample');
    expect(golden.shape).toEqual([20, 30]);
    expect(golden.stats?.absmax).toBe(3);
    expect(compare(golden.select(whole), golden.values).maxAbsError).toBe(0);
    expect((await parityCase.golden('embedding.sample')).values).toEqual(golden.values);
    expect(() => golden.select(whole.subarray(1))).toThrow(
      'is [20, 30], that is 600 values, got 599',
    );
  });

  test('gives small tensors whole, and float16 as such', async () => {
    const parityCase = await openParityCase(folder);
    const iou = await parityCase.golden('p1.iou');
    expect(iou.indices).toBeUndefined();
    expect([...iou.values]).toEqual([0.5, 1.5]);
    const low = await parityCase.golden('p1.low_res');
    expect(low.isHalf).toBe(true);
    expect([...low.values]).toEqual([1, -2]);
  });

  test('unpacks masks one by one', async () => {
    const parityCase = await openParityCase(folder);
    const masks = await parityCase.masks('p1.masks');
    expect(masks.shape).toEqual([2, 1, 3]);
    expect([...masks.bits]).toEqual([1, 0, 1, 0, 1, 1]);
  });

  test('computes weights and inputs of its seed', async () => {
    const parityCase = await openParityCase(folder);
    expect(parityCase.formula).toEqual({ seed: 11, family: 'sam' });
    const store = parityCase.weights(new Map([['a.bias', [2]]]));
    const bias = formulaTensor('a.bias', [2], { seed: 11 });
    expect(await store.read('a.bias')).toEqual(new Uint8Array(bias.buffer));
    const { shape, values } = parityCase.input('image_embedding');
    expect(shape).toEqual([2, 3]);
    expect(values.length).toBe(6);
    expect(() => parityCase.input('toString')).toThrow('only image_embedding');
  });

  test('names what there is if a tensor is missing or of another kind', async () => {
    const parityCase = await openParityCase(folder);
    await expect(parityCase.golden('p1.iuo')).rejects.toMatchObject({
      name: 'ParityError',
      code: 'missing',
      message: expect.stringMatching(/has no tensor p1.iuo, but p1.iou, /),
    });
    await expect(parityCase.golden('p1.masks')).rejects.toMatchObject({ code: 'kind' });
    await expect(parityCase.masks('p1.iou')).rejects.toMatchObject({ code: 'kind' });
  });
});

describe('a case of SAM 2 or FastSAM', () => {
  test('reads the other dialect', async () => {
    await write(
      {
        name: 'fastsam_s/small',
        variant: 'fastsam_s',
        seed: 1,
        gain: 1.5,
        inputs: { 'input.q': { shape: [4], scale: 2 } },
        weight_offsets: { b: 1.5 },
        weight_ramps: { c: -0.6 },
        tensors: {
          head: {
            kind: 'sample',
            shape: [600],
            tol_suggest: { max_abs: 0.25, rms: 0.125 },
          },
          logits_f16: { kind: 'half', shape: [2] },
          mask_bits: { kind: 'bits', shape: [2, 1, 6], on: 5 },
        },
      },
      [
        ['head', f32(takeSamples(whole, 50), [50])],
        ['logits_f16', halves],
        ['mask_bits', { ...packed, shape: [2] }],
      ],
    );
    const parityCase = await openParityCase(folder);
    const head = await parityCase.golden('head');
    expect(head.limit).toEqual({ maxAbs: 0.25, rms: 0.125 });
    expect(compare(head.select(whole), head.values).maxAbsError).toBe(0);
    expect([...(await parityCase.golden('logits')).values]).toEqual([1, -2]);
    // Packed over the whole tensor: the second mask starts within the first byte.
    expect([...(await parityCase.masks('mask_bits')).bits]).toEqual([
      1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0,
    ]);
    expect(parityCase.formula).toEqual({
      seed: 1,
      family: 'fastsam',
      gain: 1.5,
      offsets: new Map([['b', 1.5]]),
      ramps: new Map([['c', -0.6]]),
    });
    expect(parityCase.input('input.q').values.length).toBe(4);
  });
});

const parity = sharedPath('parity');

describe.skipIf(parity === undefined)('the real cases (needs ../shared)', () => {
  const open = (...parts: string[]): ReturnType<typeof openParityCase> =>
    openParityCase(join(parity ?? '', ...parts));

  // The two networks have the same encoder and seed. One file holds the whole embedding, the other samples of it.
  test('sample a tensor as another case holds it whole', async () => {
    const stored = await (await open('sam_vit_b', 'truck')).golden('embedding');
    const sampled = await (await open('hq_vit_b', 'truck')).golden('embedding');
    expect(stored.indices).toBeUndefined();
    expect(sampled.indices?.length).toBeGreaterThan(1000);
    // The same program ran twice.
    expectClose(sampled.select(stored.values), sampled.values, { what: 'embedding', limit: 0 });
  });

  test('hold masks of the stated areas', async () => {
    const parityCase = await open('reduced', 'sam_vit_b_256', 'landscape');
    const outputs = parityCase.description['outputs'] as Record<string, { mask_area: number[] }>;
    const { shape, bits } = await parityCase.masks('p1.multi.masks');
    const pixels = bits.length / (shape[0] ?? 1);
    const areas = [0, 1, 2].map((i) =>
      bits.subarray(i * pixels, (i + 1) * pixels).reduce((sum, bit) => sum + bit, 0),
    );
    expect(areas).toEqual(outputs['p1.multi']?.mask_area);
  });

  test('hold as many set bits as stated, in the other dialect', async () => {
    const parityCase = await open('reduced', 'sam2.1_hiera_tiny_256', 'image_landscape');
    const tensors = parityCase.description['tensors'] as Record<string, { on?: number }>;
    const masks = Object.entries(tensors).filter(([, { on }]) => on !== undefined);
    expect(masks.length).toBeGreaterThan(2);
    for (const [name, { on }] of masks) {
      const { bits } = await parityCase.masks(name);
      expect(bits.reduce((sum, bit) => sum + bit, 0)).toBe(on);
    }
  });

  test('hold whole tensors of the stated extent', async () => {
    const parityCase = await open('reduced', 'sam_vit_b_256', 'landscape');
    const { values, stats } = await parityCase.golden('p1.multi.low_res');
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // The statistics are written with six digits.
    expect(largest).toBeCloseTo(stats?.absmax ?? Number.NaN, 4);
  });

  test.each([
    ['sam2_modules'],
    [join('reduced', 'modules_sam')],
    [join('reduced', 'modules_yolo')],
  ])('have the inputs that %s states', async (name) => {
    const parityCase = await open(name);
    const inputs = parityCase.description['inputs'] as Record<string, { first4: number[] }>;
    expect(Object.keys(inputs).length).toBeGreaterThan(1);
    for (const [key, { first4 }] of Object.entries(inputs)) {
      expect([...parityCase.input(key).values.subarray(0, first4.length)]).toEqual(first4);
    }
  });

  test('have the image embedding of a decoder case', async () => {
    const parityCase = await open('sam_vit_b', 'decoder');
    const { shape, values } = parityCase.input('image_embedding');
    expect(shape).toEqual([1, 256, 64, 64]);
    expect(values.every((value) => Math.abs(value) <= Math.fround(Math.sqrt(3)))).toBe(true);
  });
});
