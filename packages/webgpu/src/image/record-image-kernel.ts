import type { ImageKernel } from '@samgpu/kernels';

import type { Pipeline } from '../runtime/pipeline-cache.ts';
import type { ScratchMemory } from './scratch-memory.ts';

/** What stands behind the bindings of an image kernel, by name; `parameters` is filled in. */
export type ImageOperands = Readonly<Record<string, GPUBuffer | GPUBufferBinding | GPUTextureView>>;

/**
 * Records one image kernel.
 *
 * @param compiled - of this kernel, or of one like it for another size of photograph
 */
export function recordImageKernel(
  encoder: GPUCommandEncoder,
  memory: ScratchMemory,
  { kernel, parameters }: ImageKernel,
  compiled: Pipeline,
  operands: ImageOperands,
): void {
  const all: ImageOperands = {
    ...operands,
    parameters: memory.table(parameters, `${kernel.label} parameters`),
  };
  const group = memory.state.device.createBindGroup({
    label: kernel.label,
    layout: compiled.layout,
    entries: kernel.bindings.map(({ name }, binding) => {
      const operand = all[name]!;
      return { binding, resource: 'mapState' in operand ? { buffer: operand } : operand };
    }),
  });
  const pass = encoder.beginComputePass({ label: kernel.label });
  pass.setPipeline(compiled.pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(...kernel.workgroups);
  pass.end();
}
