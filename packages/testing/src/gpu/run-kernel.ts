import type { Kernel } from '@samgpu/kernels';
import { type Operands, prepareKernel, withErrorScopes } from './prepared-kernel.ts';
import type { TestDevice } from './test-device.ts';

/**
 * Runs a kernel once and reads what it wrote. Outputs are NaN before it runs, so what it leaves
 * unwritten fails any comparison.
 *
 * @param operands - by name of the binding: a typed array, or the byte length of an output
 * @returns the bindings that the kernel may write, as f32, by name
 * @throws KernelRunError for a shader that does not compile and for wrong operands
 */
export async function runKernel(
  gpu: TestDevice,
  kernel: Kernel,
  operands: Operands,
): Promise<Record<string, Float32Array<ArrayBuffer>>> {
  const { device } = gpu;
  const prepared = await prepareKernel(gpu, kernel, operands);
  try {
    await withErrorScopes(device, kernel, () => {
      const encoder = device.createCommandEncoder({ label: kernel.label });
      const pass = encoder.beginComputePass();
      prepared.dispatch(pass);
      pass.end();
      device.queue.submit([encoder.finish()]);
    });
    const outputs: Record<string, Float32Array<ArrayBuffer>> = {};
    for (const { name, access } of kernel.bindings) {
      if (access === 'read-write') outputs[name] = new Float32Array(await prepared.read(name));
    }
    return outputs;
  } finally {
    prepared.destroy();
  }
}

/**
 * Compiles a kernel without running it, as a device of the null backend can.
 *
 * @throws KernelRunError if it does not compile
 */
export async function compileKernel(gpu: TestDevice, kernel: Kernel): Promise<void> {
  const operands = Object.fromEntries(kernel.bindings.map(({ name, bytes }) => [name, bytes]));
  const prepared = await prepareKernel(gpu, kernel, operands);
  prepared.destroy();
}
