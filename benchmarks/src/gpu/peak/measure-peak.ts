/**
 * What a device can do at best, as far as WGSL gets at it: the yardstick for everything else.
 *
 * Measured, not taken from data sheets: clocks depend on the machine, and software adapters have no
 * data sheet.
 */
import { readText } from '../read-asset.ts';

export interface Peak {
  /** Multiplications and additions in f32. Matrix units do more; none of these figures are theirs. */
  readonly gigaflops: number;
  /** Read and written, by a copy larger than common caches. */
  readonly gigabytesPerSecond: number;
}

/** A dispatch that can be made longer. */
interface Work {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly workgroups: number;
  /** What one dispatch amounts to, in billions. */
  readonly amount: number;
}

// Numbers of the shaders beside this file.
const WORKGROUP_SIZE = 256;
const FLOPS_PER_INVOCATION = 256 * 16 * 4 * 2;
const COPIED_BYTES_PER_INVOCATION = 4 * 16;

// Flags as WebGPU numbers them; in Node they are no globals.
const STORAGE = 0x80;

/** Long enough that submitting and waiting, a tenth of a millisecond, do not count. */
const MILLISECONDS = 25;
const REPEATS = 5;

/** @param software - a rasteriser on the CPU, which gets little to do */
export async function measurePeak(device: GPUDevice, software: boolean): Promise<Peak> {
  return {
    gigaflops: await measureArithmetic(device, software),
    gigabytesPerSecond: await measureCopy(device, software),
  };
}

async function measureArithmetic(device: GPUDevice, software: boolean): Promise<number> {
  const output = device.createBuffer({ label: 'peak', size: 16, usage: STORAGE });
  const code = await readText(new URL('./multiply-add.wgsl', import.meta.url));
  const workgroups = software ? 16 : 4096;
  const { pipeline, group } = await prepare(device, code, [output]);
  const amount = (workgroups * WORKGROUP_SIZE * FLOPS_PER_INVOCATION) / 1e9;
  const rate = await measureRate(device, { pipeline, group, workgroups, amount });
  output.destroy();
  return rate;
}

async function measureCopy(device: GPUDevice, software: boolean): Promise<number> {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  const size = Math.min(software ? 2 ** 25 : 2 ** 28, maxBufferSize, maxStorageBufferBindingSize);
  const workgroups = Math.floor(size / (WORKGROUP_SIZE * COPIED_BYTES_PER_INVOCATION));
  const buffers = ['from', 'to'].map((name) =>
    device.createBuffer({ label: `peak ${name}`, size, usage: STORAGE }),
  );
  const code = await readText(new URL('./copy.wgsl', import.meta.url));
  const { pipeline, group } = await prepare(device, code, buffers);
  const amount = (2 * workgroups * WORKGROUP_SIZE * COPIED_BYTES_PER_INVOCATION) / 1e9;
  const rate = await measureRate(device, { pipeline, group, workgroups, amount });
  buffers.forEach((buffer) => buffer.destroy());
  return rate;
}

async function prepare(
  device: GPUDevice,
  code: string,
  buffers: readonly GPUBuffer[],
): Promise<Pick<Work, 'pipeline' | 'group'>> {
  const pipeline = await device.createComputePipelineAsync({
    label: 'peak',
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  return { pipeline, group };
}

/** The best of some repeats: nothing makes a device quicker than it is, much makes it slower. */
async function measureRate(device: GPUDevice, work: Work): Promise<number> {
  await timeDispatches(device, work, 1);
  let dispatches = 1;
  while ((await timeDispatches(device, work, dispatches)) < MILLISECONDS) {
    dispatches *= 2;
  }
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    best = Math.min(best, await timeDispatches(device, work, dispatches));
  }
  return (dispatches * work.amount) / (best / 1000);
}

async function timeDispatches(
  device: GPUDevice,
  { pipeline, group, workgroups }: Work,
  count: number,
): Promise<number> {
  const encoder = device.createCommandEncoder({ label: 'peak' });
  const pass = encoder.beginComputePass({ label: 'peak' });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  for (let i = 0; i < count; i++) {
    pass.dispatchWorkgroups(workgroups);
  }
  pass.end();
  const commands = encoder.finish();
  const start = performance.now();
  device.queue.submit([commands]);
  await device.queue.onSubmittedWorkDone();
  return performance.now() - start;
}
