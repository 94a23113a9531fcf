import type { Kernel } from '@samgpu/kernels';
import { describe, expect, test } from 'vitest';
import { missingDevice, openTestDevice } from './test-device.ts';
import { runKernel } from './run-kernel.ts';
import { timeKernel } from './time-kernel.ts';

const source = `
override COUNT: u32;
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < COUNT) {
    y[id.x] = 2 * x[id.x];
  }
}`;

const twice: Kernel = {
  label: 'twice',
  source,
  constants: { COUNT: 3 },
  bindings: [
    { name: 'x', access: 'read', bytes: 12 },
    { name: 'y', access: 'read-write', bytes: 12 },
  ],
  workgroups: [1, 1, 1],
  flops: 3,
};

const gpu = await openTestDevice();
const x = Float32Array.of(1, 2, 3);

describe.skipIf(gpu === undefined)(`runKernel${missingDevice()}`, () => {
  test('gives what a kernel wrote, and NaN where it wrote nothing', async () => {
    const { y } = await runKernel(gpu!, twice, { x, y: 16 });
    expect([...y!]).toEqual([2, 4, 6, Number.NaN]);
  });

  test('names the kernel and the line of a shader that does not compile', async () => {
    const broken = { ...twice, label: 'broken', source: source.replace('2 * x', '2 + true * x') };
    await expect(runKernel(gpu!, broken, { x, y: 12 })).rejects.toThrow(
      /broken does not compile:\n8:/,
    );
  });

  test('names a constant that is missing', async () => {
    await expect(runKernel(gpu!, { ...twice, constants: {} }, { x, y: 12 })).rejects.toThrow(
      /twice: .*COUNT/s,
    );
  });

  test.each([
    ['too small', { x, y: 8 }, 'twice: y has 8 bytes, the kernel uses 12'],
    ['missing', { x }, 'twice: no operand for y'],
    ['unknown', { x, y: 12, z: 4 }, 'twice has no binding z, only x, y'],
  ])('refuses an operand that is %s', async (_what, operands, message) => {
    await expect(runKernel(gpu!, twice, operands)).rejects.toThrow(message);
  });

  test('refuses more workgroups than a device takes', async () => {
    const huge = { ...twice, workgroups: [70_000, 1, 1] } as const;
    await expect(runKernel(gpu!, huge, { x, y: 12 })).rejects.toThrow('twice: validation error');
  });

  test.each(['timestamp-query', 'wall'] as const)('times by %s', async (clock) => {
    const { milliseconds } = await timeKernel(gpu!, twice, { x, y: 12 }, { runs: 3, clock });
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(10_000);
  });
});
