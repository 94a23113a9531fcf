import type { ChannelScales } from '@samgpu/graph';
import { type ElementType } from '../format/element-type.ts';
import type { OnnxAttributes, OnnxNode } from '../format/messages.ts';
import { type Initializer, weightInitializer, type WeightSource } from './initializer.ts';

/** Element types of the small tensors that an export makes up itself. */
type ConstantType = Extract<ElementType, 'float' | 'int32' | 'int64'>;

/** Collects nodes and initializers of one model and keeps their names unique. */
export class ModelBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: Initializer[] = [];
  private readonly valueNames = new Set<string>();
  private readonly nodeNames = new Set<string>();
  private readonly constants = new Map<string, string>();

  /** A name that no other value has: `wanted`, or `wanted` with a number behind it. */
  valueName(wanted: string): string {
    return unique(this.valueNames, wanted);
  }

  /**
   * Adds a node with one result.
   *
   * @param place - where in the model it stands; names the node and its result
   * @param domain - of an operator that is no standard one
   * @returns the name of its result
   */
  node(
    operator: string,
    inputs: readonly string[],
    place: string,
    attributes: OnnxAttributes = {},
    domain?: string,
  ): string {
    const name = unique(this.nodeNames, `${place}/${operator}`);
    const output = this.valueName(name);
    const outputs = [output];
    this.nodes.push({
      name,
      operator,
      inputs,
      outputs,
      attributes,
      ...(domain !== undefined && { domain }),
    });
    return output;
  }

  /** Adds a node whose result has a name already. */
  nodeInto(operator: string, inputs: readonly string[], output: string): void {
    const name = unique(this.nodeNames, `${output}/${operator}`);
    this.nodes.push({ name, operator, inputs, outputs: [output], attributes: {} });
  }

  /** A tensor of known elements; small equal ones are written once. */
  constant(type: ConstantType, shape: readonly number[], values: readonly number[]): string {
    const key = constantKey(type, shape, values);
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) {
      return known;
    }
    const name = this.valueName(`constant_${this.initializers.length}`);
    if (key !== undefined) {
      this.constants.set(key, name);
    }
    const source = constantBytes(type, values);
    const { byteLength } = source;
    this.initializers.push({ name, elementType: type, shape, byteLength, source });
    return name;
  }

  /** An f32 scalar. */
  scalar(value: number): string {
    return this.constant('float', [], [value]);
  }

  /** A list of whole numbers, as ONNX wants shapes, axes and positions. */
  list(values: readonly number[]): string {
    return this.constant('int64', [values.length], values);
  }

  /** A weight in f32. */
  weight(source: WeightSource): string {
    const initializer = weightInitializer(this.valueName(source.path), source);
    this.initializers.push(initializer);
    if (source.scales !== undefined) {
      return this.dequantized(initializer.name, source, source.scales);
    }
    return initializer.elementType === 'float'
      ? initializer.name
      : this.node('Cast', [initializer.name], source.path, CAST_TO_FLOAT);
  }

  private dequantized(name: string, { path, shape }: WeightSource, scales: ChannelScales): string {
    const factors = weightInitializer(this.valueName(scales.path), {
      path: scales.path,
      stored: 'f32',
      shape: [shape[scales.axis] ?? 0],
    });
    this.initializers.push(factors);
    return this.node('DequantizeLinear', [name, factors.name], path, {
      axis: { integer: scales.axis },
    });
  }
}

export const CAST_TO_FLOAT: OnnxAttributes = { to: { integer: 1 } };

function unique(taken: Set<string>, wanted: string): string {
  let name = wanted;
  for (let number = 1; taken.has(name); number++) {
    name = `${wanted}_${number}`;
  }
  taken.add(name);
  return name;
}

/** Undefined where looking for an equal tensor would cost more than it can save. */
function constantKey(
  type: ConstantType,
  shape: readonly number[],
  values: readonly number[],
): string | undefined {
  if (values.length > 64) {
    return undefined;
  }
  const elements = values.map((value) => (Object.is(value, -0) ? '-0' : String(value)));
  return `${type} [${shape.join()}] ${elements.join()}`;
}

function constantBytes(type: ConstantType, values: readonly number[]): Uint8Array {
  const size = type === 'int64' ? 8 : 4;
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, index) => {
    if (type === 'float') {
      view.setFloat32(index * size, value, true);
    } else if (type === 'int32') {
      view.setInt32(index * size, value, true);
    } else {
      view.setBigInt64(index * size, BigInt(value), true);
    }
  });
  return new Uint8Array(view.buffer);
}
