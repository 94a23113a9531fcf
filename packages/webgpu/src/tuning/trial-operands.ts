import type { Binding, Kernel } from '@samgpu/kernels';

import { withErrorScopes } from '../device/error-scopes.ts';
import { BUFFER_USAGE } from '../device/gpu-constants.ts';
import { align } from '../memory/plan-arenas.ts';
import type { DeviceState } from '../runtime/device-state.ts';
import type { KernelTask } from '../variants/kernel-task.ts';

/** Buffers with numbers such as networks have, for all variants of a task. */
export interface TrialOperands {
  readonly buffers: ReadonlyMap<string, GPUBuffer>;
  /** What kernels write. */
  readonly result: GPUBuffer;
  dispose(): void;
}

/** @throws WebGpuError `out-of-memory` */
export async function trialOperands(
  state: DeviceState,
  task: KernelTask,
  kernels: Iterable<Kernel>,
): Promise<TrialOperands> {
  const wanted = new Map<string, Binding>();
  for (const kernel of kernels) {
    for (const binding of kernel.bindings) {
      const bytes = Math.max(align(binding.bytes, 16), wanted.get(binding.name)?.bytes ?? 0);
      wanted.set(binding.name, { ...binding, bytes });
    }
  }
  const total = [...wanted.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const buffers = new Map<string, GPUBuffer>();
  const dispose = (): void => buffers.forEach((buffer) => buffer.destroy());
  try {
    await withErrorScopes(state.device, `the operands for tuning ${task.kernel}`, total, () => {
      for (const { name, bytes } of wanted.values()) {
        const { storage, copySource, copyDestination } = BUFFER_USAGE;
        const usage = storage | copySource | copyDestination;
        buffers.set(
          name,
          state.device.createBuffer({ label: `tuning ${name}`, size: bytes, usage }),
        );
      }
    });
    for (const { name, bytes, access } of wanted.values()) {
      if (access === 'read') {
        const numbers = numbersOf(name === 'right' ? (task.weights ?? 'f32') : 'f32', bytes);
        state.device.queue.writeBuffer(buffers.get(name)!, 0, numbers);
      }
    }
  } catch (error) {
    dispose();
    throw error;
  }
  const result = [...wanted.values()].find(({ access }) => access !== 'read')!;
  return { buffers, result: buffers.get(result.name)!, dispose };
}

// Reads the same for every variant, and for every run: what is slow with one sequence of numbers is
// so with another.
const SEED = 0x9e3779b9;

function numbersOf(type: 'f32' | 'f16' | 'int8', bytes: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(bytes / 4);
  const floats = new Float32Array(words.buffer);
  let state = SEED;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    if (type === 'f32') {
      floats[at] = state / 2 ** 31;
    } else {
      // Of two halves the sign and the fraction, with exponents of 1/8 to 1.
      words[at] = type === 'int8' ? state : (state & 0x8fff8fff) | 0x30003000;
    }
  }
  return words;
}
