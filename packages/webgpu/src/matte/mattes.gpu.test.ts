/** Mattes of a GPU beside those of the CPU. */
import { bitmapFrom, createBitmap, Mask, type PixelSource } from '@samgpu/mask';
import {
  matte,
  type MatteDevice,
  type MatteOptions,
  type MatteProgress,
  type MatteRun,
  type MatteTask,
} from '@samgpu/matte';
import { type CompositeOptions, makeComposite } from '@samgpu/testing/composites';
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { afterAll, describe, expect, test } from 'vitest';

import { createWebGpuBackend } from '../runtime/webgpu-backend.ts';
import { WebGpuError } from '../webgpu-error.ts';

const gpu = await openTestDevice();
const backend = gpu && (await createWebGpuBackend({ device: gpu.device }));
// Dawn ends with the object that opened it, whatever else is still in use.
const dawn = gpu && (await createNodeGpu([]));
afterAll(() => backend?.dispose());

interface Subject {
  readonly image: PixelSource;
  readonly mask: Mask;
}

function subjectOf(options: CompositeOptions): Subject {
  const { width, height, image, mask } = makeComposite(options);
  return {
    image: { width, height, data: image },
    mask: Mask.fromBitmap({ width, height, data: mask.data }, { logits: mask.logits }),
  };
}

/** Colours at random, and a mask of a disc around a point. */
function discOf(
  width: number,
  height: number,
  radius: number,
  [x, y]: readonly [number, number],
): Subject {
  const values = Array.from({ length: width * height }, (_, i) =>
    Number(Math.hypot((i % width) + 0.5 - x, Math.floor(i / width) + 0.5 - y) < radius),
  );
  const data = Uint8Array.from(
    values.flatMap((inside, i) => {
      const level = 60 + 100 * inside + ((i * 37) % 41);
      return [level, level + ((i * 13) % 17), level + ((i * 7) % 11)];
    }),
  );
  const image: PixelSource = { width, height, channels: 3, data };
  return { image, mask: Mask.fromBitmap(bitmapFrom(values, width, height)) };
}

/**
 * Rounding of f32 moves an opacity by some 1e-5, so a level by one where it lies that close to the
 * middle between two. Where colours hardly differ, a line's variance is known to a hundredth only:
 * another level.
 */
async function expectSame({ image, mask }: Subject, options: MatteOptions = {}): Promise<void> {
  const wanted = await matte(image, mask, { ...options, device: undefined });
  const got = await matte(image, mask, { device: backend!.mattes, ...options });
  let [most, sum, open] = [0, 0, 1];
  got.alpha.forEach((level, i) => {
    const apart = Math.abs(level - wanted.alpha[i]!);
    most = Math.max(most, apart);
    sum += apart;
    open += Number(wanted.alpha[i]! > 0 && wanted.alpha[i]! < 255);
  });
  expect(most).toBeLessThanOrEqual(2);
  expect(sum / open).toBeLessThan(0.01);
}

/** A device that takes one tile at a time. */
function inSmallBatches(device: MatteDevice): MatteDevice & { batches: number } {
  const counted = {
    batches: 0,
    start: async (task: MatteTask): Promise<MatteRun | undefined> => {
      const run = await device.start(task);
      return (
        run && {
          capacity: task.largestTile,
          solve: (tiles, pixels) => {
            counted.batches += 1;
            return run.solve(tiles, pixels);
          },
          dispose: () => run.dispose(),
        }
      );
    },
  };
  return counted;
}

describe.skipIf(gpu === undefined)(`mattes on a device${missingDevice()}`, () => {
  describe.each(['fast', 'best'] as const)('%s', (method) => {
    test.each([
      { seed: 11, edge: 'hair', size: 0.6, width: 200, height: 150 },
      { seed: 3, edge: 'fur', size: 1, width: 160, height: 120 },
      { seed: 20, edge: 'soft', size: 6, width: 151, height: 103 },
      { seed: 22, edge: 'hard', width: 160, height: 120 },
    ] as const)('$edge', (options) => expectSame(subjectOf(options), { method }));

    test('masks that leave nothing to do', async () => {
      const { image } = discOf(40, 30, 8, [20, 15]);
      const device = backend!.mattes;
      const empty = await matte(image, createBitmap(40, 30), { method, device });
      expect(empty.alpha.every((level) => level === 0)).toBe(true);
      const full = bitmapFrom(Array<number>(1200).fill(1), 40, 30);
      const all = await matte(image, full, { method, device });
      expect(all.alpha.every((level) => level === 255)).toBe(true);
    });

    test.each([
      [1, 1],
      [7, 1],
      [1, 7],
      [2, 2],
      [2, 5],
    ])('a picture of %d x %d', async (width, height) => {
      const values = Array.from({ length: width * height }, (_, i) => i % 2);
      const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
      const image: PixelSource = { width, height, channels: 3, data };
      await expectSame(
        { image, mask: Mask.fromBitmap(bitmapFrom(values, width, height)) },
        { method },
      );
    });

    test('an outline that touches the border', () =>
      expectSame(discOf(60, 45, 34, [5, 40]), { method }));

    test('pixels that are transparent', async () => {
      const { image, mask } = subjectOf({ seed: 5, edge: 'hair', size: 2, width: 120, height: 90 });
      const data = Uint8ClampedArray.from(image.data);
      for (let i = 0; i < 120 * 90; i++)
        if (i % 120 < 50 && mask.data[i] === 0) data[i * 4 + 3] = 0;
      await expectSame({ image: { ...image, data }, mask }, { method });
    });

    test('cells of several pixels, tiles one by one', async () => {
      const subject = discOf(330, 64, 600, [165, 635]);
      const device = inSmallBatches(backend!.mattes);
      await expectSame(subject, { method, device, band: 40 });
      expect(device.batches).toBeGreaterThan(1);
    });
  });

  test('tells how far it is, and stops when it is told to', async () => {
    const { image, mask } = discOf(540, 300, 120, [270, 150]);
    const device = inSmallBatches(backend!.mattes);
    const seen: MatteProgress[] = [];
    const onProgress = (progress: MatteProgress): number => seen.push(progress);
    await matte(image, mask, { method: 'fast', device, onProgress });
    const { total } = seen[0]!;
    expect(total).toBeGreaterThan(3);
    const done = seen.map((one) => one.done);
    expect(done).toEqual([...new Set(done)].toSorted((a, b) => a - b));
    expect([done[0], done.at(-1)]).toEqual([0, total]);
    expect(done.length).toBe(device.batches + 1);

    const controller = new AbortController();
    const reason = new Error('enough');
    const before = device.batches;
    const stopped = matte(image, mask, {
      method: 'fast',
      device,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 1) controller.abort(reason);
      },
    });
    await expect(stopped).rejects.toBe(reason);
    expect(device.batches - before).toBe(2);
    // The device is as it was.
    await expectSame(discOf(60, 45, 14, [25, 20]));
  });

  test('has no room for cells and tiles beyond what the device binds', async () => {
    const tasks: MatteTask[] = [];
    const { image, mask } = discOf(60, 45, 14, [25, 20]);
    const device: MatteDevice = {
      start: (task) => {
        tasks.push(task);
        return Promise.resolve(undefined);
      },
    };
    await matte(image, mask, { device });
    const task = tasks[0]!;
    const { mattes } = backend!;
    const tooLarge = gpu!.device.limits.maxStorageBufferBindingSize;
    expect(await mattes.start({ ...task, largestTile: tooLarge })).toBeUndefined();
    const cells = { ...task.cells, width: 2 ** 11, height: 2 ** 11 };
    expect(await mattes.start({ ...task, cells })).toBeUndefined();
    const run = await mattes.start(task);
    expect(run!.capacity).toBeGreaterThanOrEqual(task.largestTile);
    run!.dispose();
  });

  test('a device with default limits will do', async () => {
    const device = await (await dawn!.requestAdapter())!.requestDevice();
    const limited = await createWebGpuBackend({ device });
    await expectSame(discOf(60, 45, 14, [25, 20]), { device: limited.mattes });
    limited.dispose();
    device.destroy();
  });

  test('a device that is lost on the way says so', async () => {
    const device = await (await dawn!.requestAdapter())!.requestDevice();
    const other = await createWebGpuBackend({ device });
    const { image, mask } = discOf(540, 300, 120, [270, 150]);
    const lost = matte(image, mask, {
      method: 'fast',
      device: inSmallBatches(other.mattes),
      onProgress: ({ done }) => {
        if (done === 1) device.destroy();
      },
    });
    await expect(lost).rejects.toBeInstanceOf(WebGpuError);
    await expect(lost).rejects.toMatchObject({ code: 'device-lost' });
    await expect(matte(image, mask, { device: other.mattes })).rejects.toMatchObject({
      code: 'device-lost',
    });
    other.dispose();
  });
});
