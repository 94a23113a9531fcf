import { describe, expect, test } from 'vitest';

import type { EverythingProgress } from './everything-options.ts';
import { EverythingRun } from './everything-run.ts';
import type { EverythingImage } from './find-everything.ts';
import { formulaImage, formulaPicture } from './fixtures/formula-image.ts';
import type { FoundMask } from './found-mask.ts';

const options = {
  pointsPerSide: 10,
  predIouThreshold: 0.5,
  stabilityThreshold: 0.5,
  pointsPerBatch: 20,
} as const;

const image = (): EverythingImage => formulaImage(formulaPicture(150, 120));

/** As plain data. */
const plain = (masks: readonly FoundMask[]): unknown[] =>
  masks.map(({ mask, ...rest }) => ({ ...rest, rle: mask.toRle() }));

describe('a run', () => {
  test('does not depend on how points are batched', async () => {
    const [whole, ...others] = await Promise.all(
      [64, 20, 7, 1].map(
        (pointsPerBatch) => new EverythingRun(image(), { ...options, pointsPerBatch }),
      ),
    );
    expect(whole!.masks.length).toBeGreaterThan(10);
    for (const other of others) expect(plain(other.masks)).toEqual(plain(whole!.masks));
  });

  test('gives masks as they are found, each object once', async () => {
    const run = new EverythingRun(image(), options);
    const streamed: FoundMask[] = [];
    let soFar = 0;
    for await (const found of run) {
      streamed.push(found);
      if (streamed.length === 3) soFar = run.found().length;
    }
    const { masks } = await run;
    expect(soFar).toBeGreaterThan(0);
    expect(soFar).toBeLessThan(masks.length);
    expect(streamed.length).toBeGreaterThanOrEqual(masks.length * 0.8);
    expect(plain(run.found())).toEqual(plain(masks));
    const { mask, bounds, area } = masks[0]!;
    expect({ bounds: mask.bounds, area: mask.area }).toEqual({ bounds, area });
    expect(mask.cutout({ crop: true }).width).toBe(bounds.width);
  });

  test('reports how far it is', async () => {
    const reports: EverythingProgress[] = [];
    const onProgress = (progress: EverythingProgress): unknown => reports.push(progress);
    await new EverythingRun(image(), { ...options, cropLayers: 1, onProgress });
    expect(reports[0]).toEqual({ points: 0, total: 500, found: 0, crop: 1, crops: 5 });
    expect(reports.at(-1)).toMatchObject({ points: 500, total: 500, crop: 5 });
    const points = reports.map((report) => report.points);
    expect(points).toEqual(points.toSorted((a, b) => a - b));
  });

  test('keeps what was found when it is aborted', async () => {
    const controller = new AbortController();
    const run = new EverythingRun(image(), {
      ...options,
      signal: controller.signal,
      onProgress: ({ points }) => {
        if (points === 40) controller.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toThrow('enough');
    const all = await new EverythingRun(image(), options);
    expect(run.found().length).toBeGreaterThan(0);
    expect(run.found().length).toBeLessThan(all.masks.length);
  });

  test('gives what was found before it fails to those who iterate', async () => {
    const failing = image();
    let batches = 0;
    const run = new EverythingRun(
      {
        ...failing,
        decode: async (batch, signal) => {
          batches += 1;
          if (batches === 3) throw new Error('the device is gone');
          return failing.decode(batch, signal);
        },
      },
      options,
    );
    const streamed: FoundMask[] = [];
    const reading = async (): Promise<void> => {
      for await (const found of run) streamed.push(found);
    };
    await expect(reading()).rejects.toThrow('the device is gone');
    expect(streamed.length).toBeGreaterThan(0);
  });

  test('stops when the loop over it is left', async () => {
    let batches = 0;
    const counted = image();
    const run = new EverythingRun(
      {
        ...counted,
        decode: async (batch, signal) => {
          batches += 1;
          return counted.decode(batch, signal);
        },
      },
      { ...options, pointsPerBatch: 4 },
    );
    for await (const _ of run) break;
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(batches).toBeLessThan(25);
  });

  test('disposes of the crops that it encodes, whatever happens', async () => {
    let [encoded, disposed] = [0, 0];
    const counted: EverythingImage = {
      ...image(),
      encode: async (pixels) => {
        encoded += 1;
        const crop = formulaImage(pixels);
        const failing = encoded === 3;
        return {
          ...crop,
          decode: async (batch, signal) => {
            if (failing) throw new Error('out of memory');
            return crop.decode(batch, signal);
          },
          dispose: () => {
            disposed += 1;
          },
        };
      },
    };
    await expect(new EverythingRun(counted, { ...options, cropLayers: 1 })).rejects.toThrow(
      'out of memory',
    );
    expect([encoded, disposed]).toEqual([3, 3]);
  });
});

describe('beyond the official generator', () => {
  test('masks suppress each other by their pixels', async () => {
    const boxes = await new EverythingRun(image(), options);
    const masks = await new EverythingRun(image(), { ...options, overlap: 'masks' });
    expect(masks.masks.length).not.toBe(boxes.masks.length);
  });

  test('a second pass looks only where no mask lies', async () => {
    const few = { ...options, pointsPerSide: 3 };
    const first = await new EverythingRun(image(), few);
    const { counts, share } = first.coverage();
    const asked: number[] = [];
    const second = await new EverythingRun(image(), {
      ...few,
      secondPass: { pointsPerSide: 9 },
      onProgress: ({ total }) => asked.push(total),
    });
    const bare = Array.from({ length: 81 }, (_, i) => {
      const [x, y] = [((i % 9) + 0.5) / 9, (Math.floor(i / 9) + 0.5) / 9];
      return counts[Math.floor(y * 120) * 150 + Math.floor(x * 150)] === 0;
    });
    expect(asked.at(-1)).toBe(9 + bare.filter(Boolean).length);
    expect(second.coverage().share).toBeGreaterThan(share);
  });

  test('refining asks again with every mask, and judges what comes then', async () => {
    const plainImage = image();
    const inputs: { masks: number; prompts: number }[] = [];
    const run = await new EverythingRun(
      {
        ...plainImage,
        decode: async (batch, signal) => {
          const { hasMask, labels } = batch.inputs;
          const used = Array.from({ length: batch.sizes.prompts }, (_, i) => i).filter(
            (i) => labels!.data[i * batch.sizes.tokens] === 1,
          );
          const masks = used.filter((i) => hasMask?.data[i] === 1).length;
          inputs.push({ masks, prompts: used.length });
          return plainImage.decode(batch, signal);
        },
      },
      { ...options, refine: true },
    );
    const first = inputs.filter(({ masks }) => masks === 0);
    const again = inputs.filter(({ masks, prompts }) => masks === prompts);
    expect(first.reduce((sum, { prompts }) => sum + prompts, 0)).toBe(100);
    expect(again.reduce((sum, { prompts }) => sum + prompts, 0)).toBe(300);
    expect(run.masks.length).toBeGreaterThan(0);
  });
});

describe('options', () => {
  test.each([
    [{ pointsPerSide: 0 }, '0 points per side'],
    [{ pointsPerBatch: 0 }, 'pointsPerBatch is 0'],
    [{ predIouThreshold: 1 }, 'predIouThreshold is 1'],
    [{ stabilityThreshold: Number.NaN }, 'stabilityThreshold is NaN'],
    [{ boxNmsThreshold: -0.1 }, 'boxNmsThreshold is -0.1'],
    [{ cropNmsThreshold: 2 }, 'cropNmsThreshold is 2'],
    [{ cropLayers: 99 }, '99 crop layers'],
    [{ cropOverlapRatio: 1 }, 'crop overlap ratio 1'],
    [{ cropPointsDownscale: 0 }, 'cropPointsDownscale is 0'],
    [{ minMaskRegionArea: -1 }, 'minMaskRegionArea is -1'],
    [{ stabilityOffset: Infinity }, 'stabilityOffset is Infinity'],
    [{ overlap: 'pixels' as 'masks' }, 'overlap is "pixels"'],
    [{ pointGrids: [], cropLayers: 0 }, '0 pointGrids for 0 layers'],
    [{ pointGrids: [[{ x: 1.1, y: 0 }]] }, '(1.1, 0)'],
    [{ pointGrids: [[]], pointsPerSide: 3 }, 'both pointsPerSide and pointGrids'],
    [{ secondPass: { pointsPerSide: -2 } }, '-2 points per side'],
  ])('%o are refused', async (wrong, message) => {
    await expect(new EverythingRun(image(), wrong)).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining(message) as string,
    });
  });

  test('a model brings its own defaults', async () => {
    const own = image();
    const everything = { predIouThreshold: 0.5, stabilityThreshold: 0.5 };
    const variant = { ...own.variant, everything };
    const { pointsPerSide } = options;
    const byModel = await new EverythingRun({ ...own, variant }, { pointsPerSide });
    const byOptions = await new EverythingRun(own, options);
    expect(plain(byModel.masks)).toEqual(plain(byOptions.masks));
  });

  test('models without points or masks are told so', async () => {
    const own = image();
    const { capabilities } = own.variant;
    const variant = { ...own.variant, capabilities: { ...capabilities, previousMask: false } };
    await expect(new EverythingRun({ ...own, variant }, { refine: true })).rejects.toThrow(
      'refine feeds masks back, which formula does not take',
    );
  });
});
