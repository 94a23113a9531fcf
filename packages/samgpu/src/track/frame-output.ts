import type { DeviceValue, HostValue } from '@samgpu/graph';

import { MemoryCopy } from './memory-copy.ts';

/** What is known of one object on one frame. */
export interface FrameOutput {
  /** Of its mask, holes filled, `[side, side]`. */
  readonly logits: Float32Array<ArrayBuffer>;
  /** Predicted intersection over union with the truth; 1 for a mask that a user gave. */
  readonly score: number;
  /** Above 0 where the object is on the frame. */
  readonly objectScore: number;
  readonly pointer: Float32Array<ArrayBuffer>;
  /**
   * What later frames look at, on the device, or in the memory of JavaScript where it comes from a saved
   * track. Given frames get it when tracking goes on from them.
   */
  memory: DeviceValue | HostValue | undefined;
  /** Of a memory on a device that may be lost. */
  copy?: MemoryCopy | undefined;
}

/** Bytes that an output holds, on the host and on the device. */
export function outputBytes({ logits, pointer, memory, copy }: FrameOutput): number {
  const copied = copy?.halves.byteLength ?? 0;
  return logits.byteLength + pointer.byteLength + memoryBytes(memory) + copied;
}

function memoryBytes(memory: FrameOutput['memory']): number {
  if (memory === undefined) {
    return 0;
  }
  return 'data' in memory ? memory.data.byteLength : memory.bytes;
}

/** Frees what an output holds on the device. */
export function disposeOutput(output: FrameOutput | undefined): void {
  if (output?.memory !== undefined && !('data' in output.memory)) {
    output.memory.dispose();
  }
}

/** Of a memory, wherever it is. */
export async function copyOf({ memory, copy }: FrameOutput): Promise<MemoryCopy | undefined> {
  return copy ?? (memory && MemoryCopy.of(memory));
}

/** Goes on without the device: what it had is gone, its copy stays. */
export function leaveDevice(output: FrameOutput): void {
  if (output.memory !== undefined && !('data' in output.memory)) {
    output.memory.dispose();
    output.memory = output.copy?.value;
    output.copy = undefined;
  }
}
