import { elementCount } from '@samgpu/graph';
import { toFloat32 } from '@samgpu/weights';

import { align } from '../memory/plan-arenas.ts';
import type { Packing } from './program-plan.ts';
import type { StaticData, StaticTensor } from './static-tensor.ts';

/** Elements in their own order, four bytes each: f32, or i32 for tensors of whole numbers. */
export function asIs(tensor: StaticTensor): Packing {
  return {
    name: 'as is',
    bytes: align(elementCount(tensor.shape) * 4, 16),
    pack: (data) => (data.type === 'f16' ? floats(data) : data.elements),
  };
}

/** The elements as f32, whatever they are. */
export function floats(data: StaticData): Float32Array {
  if (data.type === 'f16') {
    const { buffer, byteOffset, byteLength } = data.elements;
    return toFloat32(new Uint8Array(buffer, byteOffset, byteLength), 'f16');
  }
  return data.type === 'f32' ? data.elements : Float32Array.from(data.elements);
}
