import { elementCount, type WeightInfo, type WeightStore } from '@samgpu/graph';

/** Where operands lie that stand in for what other layers would compute: between -1 and 1. */
export const OPERANDS = 'operand.';

/**
 * Weights drawn once per path, the same in every run, sized so that a layer keeps the spread of
 * its input: sums that grew or vanished would compare worse than those of a trained model.
 */
export class RandomWeights implements WeightStore {
  readonly tensors: ReadonlyMap<string, WeightInfo>;
  readonly fingerprint: string;

  /** @param shapes - by checkpoint path */
  constructor(name: string, shapes: ReadonlyMap<string, readonly number[]>) {
    this.tensors = new Map([...shapes].map(([path, shape]) => [path, { shape, dtype: 'f32' }]));
    this.fingerprint = `random:${name}`;
  }

  async read(path: string): Promise<Uint8Array> {
    const shape = this.tensors.get(path)?.shape ?? [];
    const values = new Float32Array(elementCount(shape));
    const { gain, offset } = path.startsWith(OPERANDS)
      ? { gain: 1, offset: 0 }
      : spreadOf(path, shape);
    let state = hashOf(path);
    for (let i = 0; i < values.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      values[i] = offset + gain * (state / 2 ** 31);
    }
    return new Uint8Array(values.buffer);
  }
}

function spreadOf(path: string, shape: readonly number[]): { gain: number; offset: number } {
  return shape.length > 1
    ? { gain: Math.sqrt(3 / elementCount(shape.slice(1))), offset: 0 }
    : // Biases, and the factors of norms.
      { gain: 0.1, offset: path.endsWith('weight') ? 1 : 0 };
}

/** FNV-1a over the path's UTF-16 code units. */
function hashOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) {
    hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  }
  return hash;
}
