import { type Kernel, linear } from '@samgpu/kernels';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openDevice } from '../device/open-device.ts';
import { DeviceState } from '../runtime/device-state.ts';
import type { KernelTask } from '../variants/kernel-task.ts';
import { candidatesOf } from './candidates.ts';
import { race } from './race.ts';
import { Stopwatch } from './stopwatch.ts';

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`a race of variants${missingDevice()}`, () => {
  let state: DeviceState;
  let stopwatch: Stopwatch;
  beforeAll(async () => {
    state = new DeviceState(await openDevice({}));
    stopwatch = new Stopwatch(state);
  });
  afterAll(() => {
    stopwatch?.dispose();
    state?.dispose();
  });

  /** A product of 64x128 by 128x64 with a usual variant and one other. */
  function taskOf(make: (variant: string, usual: Kernel) => Kernel): KernelTask<'linear'> {
    const sizes = { rows: 64, inputs: 128, outputs: 64 };
    const make64 = (): Kernel => linear(sizes, { variant: 'tiled-64' }, state.kernels);
    return {
      kernel: 'linear',
      sizes: { rows: 64, depth: 128, columns: 64 },
      weights: 'f32',
      variants: ['tiled-64', 'tiled-32'],
      usual: 'tiled-64',
      make: (variant) => (variant === 'tiled-64' ? make64() : make(variant, make64())),
    };
  }

  async function run(task: KernelTask<'linear'>): ReturnType<typeof race> {
    const options = { stopwatch, repeats: 3, signal: undefined };
    const any = task as unknown as KernelTask;
    return race(state, any, candidatesOf(any, state), options);
  }

  test('is not won by a variant with another result, however quick', async () => {
    const sizes = { rows: 64, inputs: 128, outputs: 64 };
    const wrong = (): Kernel =>
      linear(sizes, { variant: 'tiled-32', activation: 'relu' }, state.kernels);
    expect(await run(taskOf(wrong))).toMatchObject({ variant: 'tiled-64', refused: ['tiled-32'] });
  });

  test('nor by one that writes only part of the result', async () => {
    const half = (_: string, usual: Kernel): Kernel => {
      // Half the rows, with all that tells the shader where rows end.
      const constants = { ...usual.constants, ROWS: 32 };
      return { ...usual, constants };
    };
    expect(await run(taskOf(half))).toMatchObject({ variant: 'tiled-64', refused: ['tiled-32'] });
  });

  test('nor by one that does not compile', async () => {
    const broken = (_: string, usual: Kernel): Kernel => ({ ...usual, source: 'fn main() {' });
    expect(await run(taskOf(broken))).toMatchObject({ variant: 'tiled-64', refused: ['tiled-32'] });
  });

  test('is won by what is right and quicker', async () => {
    const task = taskOf((_, usual) => usual);
    const slow = (variant: 'tiled-64' | 'tiled-32'): Kernel => {
      const kernel = task.make(variant);
      const [across, down] = kernel.workgroups;
      // Workgroups past the last row do their sums and write nothing.
      return variant === 'tiled-32' ? kernel : { ...kernel, workgroups: [across, down * 64, 1] };
    };
    const made = { ...task, make: slow };
    const { variant, milliseconds, refused } = await run(made);
    expect({ variant, refused }).toEqual({ variant: 'tiled-32', refused: [] });
    expect(milliseconds['tiled-32']).toBeLessThan(milliseconds['tiled-64']! * 0.95);
  });
});
