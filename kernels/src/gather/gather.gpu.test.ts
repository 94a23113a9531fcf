import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { gatherReference } from './gather.reference.ts';
import { gatherKernel } from './gather.ts';

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`gather${missingDevice()}`, () => {
  test.each([
    { rows: 5, width: 8 },
    { rows: 5, width: 7 },
    { rows: 1, width: 1 },
    { rows: 300, width: 12, tableOffset: 4, indexOffset: 2 },
    { rows: 6, width: 4, tableOffset: 3 },
  ])('takes rows of [$rows, $width]', async (options) => {
    const { rows, width, tableOffset = 0, indexOffset = 0 } = options;
    const table = Float32Array.from({ length: tableOffset + rows * width }, (_, i) => i + 0.5);
    // Indices outside on both sides are among them.
    const indices = Int32Array.from([
      ...new Array<number>(indexOffset).fill(-7),
      3,
      0,
      -1,
      rows,
      2,
    ]);
    const kernel = gatherKernel({ ...options, indices: 5 }, gpu!.kernelDevice);
    const { y } = await runKernel(gpu!, kernel, { table, indices, y: 5 * width * 4 });
    expect([...y!]).toEqual(
      gatherReference(table.subarray(tableOffset), width, indices.subarray(indexOffset)),
    );
  });
});
