import type { Kernel } from '@samgpu/kernels';

import { COMPUTE_STAGE } from '../device/gpu-constants.ts';
import { messageOf, WebGpuError } from '../webgpu-error.ts';

/** A compiled kernel with the layout that its bind groups have. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/**
 * Compiled kernels by what they are compiled from, so that blocks of equal sizes share them.
 *
 * Layouts are explicit: those derived from a shader belong to one pipeline only.
 */
export class PipelineCache {
  private readonly device: GPUDevice;
  private readonly pipelines = new Map<string, Promise<Pipeline>>();
  private readonly modules = new Map<string, GPUShaderModule>();
  private readonly layouts = new Map<string, GPUBindGroupLayout>();

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /**
   * Starts compiling at the first call; those for different kernels run side by side.
   *
   * @throws WebGpuError `validation` with what the compiler says
   */
  get(kernel: Kernel): Promise<Pipeline> {
    const key = `${JSON.stringify([accessesOf(kernel), kernel.constants])}${kernel.source}`;
    let pipeline = this.pipelines.get(key);
    if (pipeline === undefined) {
      pipeline = this.compile(kernel);
      this.pipelines.set(key, pipeline);
      // What failed, for example because the device was lost, may be tried again.
      pipeline.catch(() => this.pipelines.delete(key));
    }
    return pipeline;
  }

  private async compile(kernel: Kernel): Promise<Pipeline> {
    const { label, source, constants } = kernel;
    const layout = this.layoutOf(kernel);
    const module = this.moduleOf(source, label);
    try {
      const pipeline = await this.device.createComputePipelineAsync({
        label,
        layout: this.device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main', constants },
      });
      return { pipeline, layout };
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      const details = messages.map(({ message, lineNum }) => `line ${lineNum}: ${message}`);
      throw new WebGpuError(
        'validation',
        [`the kernel ${label} does not compile: ${messageOf(cause)}`, ...details].join('\n'),
        { cause },
      );
    }
  }

  private moduleOf(code: string, label: string): GPUShaderModule {
    let module = this.modules.get(code);
    if (module === undefined) {
      // What is wrong with it is told by whoever makes a pipeline of it.
      this.device.pushErrorScope('validation');
      module = this.device.createShaderModule({ label: label.split(' ', 1)[0]!, code });
      this.device.popErrorScope().catch(() => undefined);
      this.modules.set(code, module);
    }
    return module;
  }

  private layoutOf(kernel: Kernel): GPUBindGroupLayout {
    const label = accessesOf(kernel).join(', ');
    let layout = this.layouts.get(label);
    if (layout === undefined) {
      layout = this.device.createBindGroupLayout({
        label,
        entries: kernel.bindings.map(({ access }, binding) => ({
          binding,
          visibility: COMPUTE_STAGE,
          // Loads need no filtering, so all formats that give floats will do.
          ...(access === 'texture'
            ? { texture: { sampleType: 'unfilterable-float' } }
            : { buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' } }),
        })),
      });
      this.layouts.set(label, layout);
    }
    return layout;
  }
}

function accessesOf({ bindings }: Kernel): string[] {
  return bindings.map(({ access }) => access);
}
