import type { Binding, Kernel } from '@samgpu/kernels';
import { COPY_DESTINATION, COPY_SOURCE, MAP_MODE_READ, MAP_READ, STORAGE } from './buffer-usage.ts';
import type { TestDevice } from './test-device.ts';

/** By name of the binding: what a buffer holds at first, or the byte length of an output. */
export type Operands = Readonly<Record<string, ArrayBufferView | number>>;

/** A kernel cannot run: its shader, its bindings or the operands of the test are wrong. */
export class KernelRunError extends Error {
  override readonly name = 'KernelRunError';
  readonly code = 'kernel-run';
}

// An output that the kernel leaves unwritten then fails any comparison.
const notANumber = 0x7fc00000;

/** A kernel with its pipeline and buffers on a device. The caller destroys it. */
export class PreparedKernel {
  readonly kernel: Kernel;
  readonly #device: GPUDevice;
  readonly #pipeline: GPUComputePipeline;
  readonly #buffers: ReadonlyMap<string, GPUBuffer>;
  readonly #group: GPUBindGroup;

  constructor(
    kernel: Kernel,
    device: GPUDevice,
    pipeline: GPUComputePipeline,
    buffers: ReadonlyMap<string, GPUBuffer>,
  ) {
    this.kernel = kernel;
    this.#device = device;
    this.#pipeline = pipeline;
    this.#buffers = buffers;
    this.#group = device.createBindGroup({
      label: kernel.label,
      layout: pipeline.getBindGroupLayout(0),
      entries: kernel.bindings.map(({ name }, binding) => ({
        binding,
        resource: { buffer: buffers.get(name)! },
      })),
    });
  }

  /** Records one dispatch. */
  dispatch(pass: GPUComputePassEncoder): void {
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#group);
    pass.dispatchWorkgroups(...this.kernel.workgroups);
  }

  /** Copies a buffer back. */
  async read(name: string): Promise<ArrayBuffer> {
    const source = this.#buffers.get(name)!;
    const staging = this.#device.createBuffer({
      label: `${this.kernel.label} ${name} read back`,
      size: source.size,
      usage: MAP_READ | COPY_DESTINATION,
    });
    try {
      const encoder = this.#device.createCommandEncoder();
      encoder.copyBufferToBuffer(source, 0, staging, 0, source.size);
      this.#device.queue.submit([encoder.finish()]);
      await staging.mapAsync(MAP_MODE_READ);
      return staging.getMappedRange().slice(0);
    } finally {
      staging.destroy();
    }
  }

  destroy(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
  }
}

/**
 * Compiles a kernel and uploads its operands.
 *
 * @throws KernelRunError if the shader does not compile, or an operand is missing, unknown or too small
 */
export async function prepareKernel(
  { device }: TestDevice,
  kernel: Kernel,
  operands: Operands,
): Promise<PreparedKernel> {
  checkOperands(kernel, operands);
  const pipeline = await compile(device, kernel);
  return withErrorScopes(device, kernel, () => {
    const buffers = new Map(
      kernel.bindings.map((binding) => [
        binding.name,
        createBuffer(device, kernel, binding, operands[binding.name]!),
      ]),
    );
    return new PreparedKernel(kernel, device, pipeline, buffers);
  });
}

/**
 * Runs an action and turns the device's validation errors into an exception that names the kernel.
 *
 * @throws KernelRunError
 */
export async function withErrorScopes<Result>(
  device: GPUDevice,
  kernel: Kernel,
  action: () => Result | Promise<Result>,
): Promise<Result> {
  const filters = ['validation', 'out-of-memory', 'internal'] as const;
  for (const filter of filters) device.pushErrorScope(filter);
  const result = await action();
  for (const filter of filters.toReversed()) {
    const error = await device.popErrorScope();
    if (error !== null) {
      throw new KernelRunError(`${kernel.label}: ${filter} error: ${error.message}`);
    }
  }
  return result;
}

async function compile(device: GPUDevice, kernel: Kernel): Promise<GPUComputePipeline> {
  for (const feature of kernel.features ?? []) {
    if (!device.features.has(feature)) {
      throw new KernelRunError(`${kernel.label}: the device does not have ${feature}`);
    }
  }
  return withErrorScopes(device, kernel, async () => {
    const module = device.createShaderModule({ label: kernel.label, code: kernel.source });
    const { messages } = await module.getCompilationInfo();
    const errors = messages.filter(({ type }) => type === 'error');
    if (errors.length > 0) {
      const lines = errors.map(
        ({ lineNum, linePos, message }) => `${lineNum}:${linePos} ${message}`,
      );
      throw new KernelRunError(`${kernel.label} does not compile:\n${lines.join('\n')}`);
    }
    try {
      return await device.createComputePipelineAsync({
        label: kernel.label,
        layout: 'auto',
        compute: { module, entryPoint: 'main', constants: { ...kernel.constants } },
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new KernelRunError(`${kernel.label}: no pipeline: ${reason}`);
    }
  });
}

function checkOperands({ label, bindings }: Kernel, operands: Operands): void {
  const names = bindings.map(({ name }) => name);
  for (const name of Object.keys(operands)) {
    if (!names.includes(name)) {
      throw new KernelRunError(`${label} has no binding ${name}, only ${names.join(', ')}`);
    }
  }
  for (const { name, bytes } of bindings) {
    const operand = operands[name];
    if (operand === undefined) throw new KernelRunError(`${label}: no operand for ${name}`);
    const got = typeof operand === 'number' ? operand : operand.byteLength;
    if (got < bytes) {
      throw new KernelRunError(`${label}: ${name} has ${got} bytes, the kernel uses ${bytes}`);
    }
  }
}

function createBuffer(
  device: GPUDevice,
  { label }: Kernel,
  { name }: Binding,
  operand: ArrayBufferView | number,
): GPUBuffer {
  const bytes = typeof operand === 'number' ? operand : operand.byteLength;
  const size = Math.max(4, Math.ceil(bytes / 4) * 4);
  const buffer = device.createBuffer({
    label: `${label} ${name}`,
    size,
    usage: STORAGE | COPY_SOURCE | COPY_DESTINATION,
    mappedAtCreation: true,
  });
  const range = buffer.getMappedRange();
  if (typeof operand === 'number') {
    new Uint32Array(range).fill(notANumber);
  } else {
    new Uint8Array(range).set(
      new Uint8Array(operand.buffer, operand.byteOffset, operand.byteLength),
    );
  }
  buffer.unmap();
  return buffer;
}
