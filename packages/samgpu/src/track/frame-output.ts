import type { DeviceValue } from '@samgpu/graph';

/** What is known of one object on one frame. */
export interface FrameOutput {
  /** Of its mask, holes filled, `[side, side]`. */
  readonly logits: Float32Array;
  /** Predicted intersection over union with the truth; 1 for a mask that a user gave. */
  readonly score: number;
  /** Above 0 where the object is on the frame. */
  readonly objectScore: number;
  readonly pointer: Float32Array;
  /** What later frames look at. Given frames get it when tracking goes on from them. */
  memory: DeviceValue | undefined;
}

/** Bytes that an output holds, on the host and on the device. */
export function outputBytes({ logits, pointer, memory }: FrameOutput): number {
  return logits.byteLength + pointer.byteLength + (memory?.bytes ?? 0);
}
