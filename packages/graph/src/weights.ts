import { recordConstant } from './constant.ts';
import { GraphError } from './graph-error.ts';
import type { Recorder, Tensor } from './tensor.ts';
import type { StoredType, WeightManifest } from './weight-store.ts';

/** Types that run as f32. Integer tensors of a checkpoint are counters and indices, not weights. */
const FLOAT_TYPES: ReadonlySet<StoredType> = new Set(['f64', 'f32', 'f16', 'bf16', 'i8']);

/**
 * A place in a checkpoint's tree of weights.
 *
 * Paths are the checkpoint's own names, parts separated by dots. `at` goes down the tree, `tensor`
 * takes a tensor by name below this place; `weight` and `bias` are the two names that almost every
 * layer uses, so that a place can be handed to an operation as its weights.
 */
export class Weights {
  private readonly recorder: Recorder;
  private readonly manifest: WeightManifest;
  private readonly recorded: Map<string, Tensor>;
  private readonly path: string;

  constructor(
    recorder: Recorder,
    manifest: WeightManifest,
    recorded: Map<string, Tensor> = new Map(),
    path = '',
  ) {
    this.recorder = recorder;
    this.manifest = manifest;
    this.recorded = recorded;
    this.path = path;
  }

  /** The place `name` below this one; `name` may have several parts, as in `blocks.3.attn`. */
  at(name: string | number): Weights {
    return new Weights(this.recorder, this.manifest, this.recorded, this.join(String(name)));
  }

  /** Whether there is a tensor of that name here. */
  has(name: string): boolean {
    return this.manifest.has(this.join(name));
  }

  /**
   * The tensor of that name.
   *
   * @throws GraphError where the checkpoint has none, naming the closest paths that it has
   */
  tensor(name: string): Tensor {
    const path = this.join(name);
    const known = this.recorded.get(path);
    if (known !== undefined) {
      return known;
    }
    const info = this.manifest.get(path);
    if (info === undefined) {
      throw new GraphError('weights', `there is no tensor "${path}"${this.neighbours(path)}`);
    }
    if (!FLOAT_TYPES.has(info.dtype)) {
      throw new GraphError('weights', `"${path}" is stored as ${info.dtype}, wanted a float type`);
    }
    const tensor = this.recorder.add(
      'weight',
      [],
      { path, stored: info.dtype, ...(info.scales && { scales: info.scales }) },
      [...info.shape],
      'f32',
    );
    this.recorded.set(path, tensor);
    return tensor;
  }

  get weight(): Tensor {
    return this.tensor('weight');
  }

  /** Undefined for a layer without one. */
  get bias(): Tensor | undefined {
    return this.has('bias') ? this.tensor('bias') : undefined;
  }

  /**
   * A tensor whose elements are known now, row-major.
   *
   * It stands here, because like weights it is a value that the graph brings along.
   *
   * @throws GraphError where the values do not fill the shape, or i32 is wanted of other numbers
   */
  constant(
    values: readonly number[] | Float32Array | Int32Array,
    shape: readonly number[],
    dtype: 'f32' | 'i32' = 'f32',
  ): Tensor {
    return recordConstant(this.recorder, values, shape, dtype);
  }

  private join(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  private neighbours(path: string): string {
    let prefix = path;
    while (prefix.includes('.')) {
      prefix = prefix.slice(0, prefix.lastIndexOf('.'));
      const near = [...this.manifest.keys()].filter((key) => key.startsWith(`${prefix}.`));
      if (near.length > 0) {
        const more = near.length > 4 ? `, … (${near.length})` : '';
        return `; below "${prefix}" there are ${near.slice(0, 4).join(', ')}${more}`;
      }
    }
    const first = [...this.manifest.keys()].slice(0, 3).join(', ');
    return first === '' ? '; the checkpoint is empty' : `; the checkpoint begins with ${first}`;
  }
}
