import {
  type DataType,
  type DeviceValue,
  elementCount,
  formatShape,
  type Graph,
  type HostValue,
  nodeAt,
  type Program,
  type RunOptions,
} from '@samgpu/graph';
import { messageOf, OnnxError } from '../onnx-error.ts';
import { OnnxValue, type ValueOwner } from './onnx-value.ts';
import type { OrtModule, OrtSession, OrtTensor } from './ort.ts';
import type { Lease } from './session-cache.ts';
import type { TaskQueue } from './task-queue.ts';

/** A session with what the model calls the graph's outputs. */
export interface GraphSession {
  readonly session: OrtSession;
  readonly outputNames: ReadonlyMap<string, string>;
}

/** What programs share with the backend that made them. */
export interface ProgramOwner extends ValueOwner {
  readonly ort: OrtModule;
  readonly queue: TaskQueue;
}

export class OnnxProgram implements Program {
  readonly graph: Graph;
  private readonly owner: ProgramOwner;
  private readonly lease: Lease<GraphSession>;
  private disposed = false;

  constructor(graph: Graph, owner: ProgramOwner, lease: Lease<GraphSession>) {
    this.graph = graph;
    this.owner = owner;
    this.lease = lease;
  }

  async run(
    inputs: Readonly<Record<string, HostValue | DeviceValue>>,
    { signal }: RunOptions = {},
  ): Promise<Record<string, DeviceValue>> {
    this.expectAlive();
    signal?.throwIfAborted();
    const feeds = this.feeds(inputs);
    return this.owner.queue.add(async () => {
      this.expectAlive();
      return this.compute(feeds);
    }, signal);
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.lease.release();
    }
  }

  private expectAlive(): void {
    this.owner.expectAlive();
    if (this.disposed) {
      throw new OnnxError(
        'disposed',
        `program "${this.graph.name}" was run after it was disposed of; compile the graph again`,
      );
    }
  }

  private async compute(feeds: Record<string, OrtTensor>): Promise<Record<string, DeviceValue>> {
    const { session, outputNames } = this.lease.session;
    let results: Awaited<ReturnType<OrtSession['run']>>;
    try {
      results = await session.run(feeds);
    } catch (cause) {
      throw new OnnxError(
        'session',
        `ONNX Runtime failed to run "${this.graph.name}": ${messageOf(cause)}`,
        { cause },
      );
    }
    const values: Record<string, DeviceValue> = {};
    for (const [name, id] of this.graph.outputs) {
      const { shape } = nodeAt(this.graph.nodes, id);
      const data = results[outputNames.get(name) ?? name]?.data;
      if (!(data instanceof Float32Array || data instanceof Int32Array)) {
        throw new OnnxError('session', `"${this.graph.name}" gave no output "${name}"`);
      }
      values[name] = new OnnxValue(this.owner, { shape, data });
    }
    return values;
  }

  private feeds(
    inputs: Readonly<Record<string, HostValue | DeviceValue>>,
  ): Record<string, OrtTensor> {
    const feeds: Record<string, OrtTensor> = {};
    for (const [name, id] of this.graph.inputs) {
      const { shape, dtype } = nodeAt(this.graph.nodes, id);
      const data = this.elementsOf(name, inputs[name], shape, dtype);
      feeds[name] =
        data instanceof Int32Array
          ? new this.owner.ort.Tensor('int32', data, shape)
          : new this.owner.ort.Tensor('float32', data, shape);
    }
    const unknown = Object.keys(inputs).filter((name) => !this.graph.inputs.has(name));
    if (unknown.length > 0) {
      const known = [...this.graph.inputs.keys()].join(', ') || 'none';
      throw this.inputError(`there is no input "${unknown.join('", "')}"; inputs are: ${known}`);
    }
    return feeds;
  }

  private elementsOf(
    name: string,
    value: HostValue | DeviceValue | undefined,
    shape: readonly number[],
    dtype: DataType,
  ): HostValue['data'] {
    const wanted = `wanted ${dtype} ${formatShape(shape)}`;
    if (value === undefined) {
      throw this.inputError(`input "${name}" is missing, ${wanted}`);
    }
    if (formatShape(value.shape) !== formatShape(shape)) {
      throw this.inputError(`input "${name}" has shape ${formatShape(value.shape)}, ${wanted}`);
    }
    const data = this.hostData(name, value);
    const got = data instanceof Int32Array ? 'i32' : 'f32';
    if (got !== dtype) {
      const fix = dtype === 'f32' ? 'pass a Float32Array' : 'pass an Int32Array';
      throw this.inputError(`input "${name}" is ${got}, ${wanted}; ${fix}`);
    }
    if (data.length !== elementCount(shape)) {
      throw this.inputError(
        `input "${name}" has ${data.length} elements, wanted ${elementCount(shape)} for ${formatShape(shape)}`,
      );
    }
    return data;
  }

  private hostData(name: string, value: HostValue | DeviceValue): HostValue['data'] {
    if (value instanceof OnnxValue && value.owner === this.owner) {
      return value.elements;
    }
    if ('read' in value) {
      throw this.inputError(
        `input "${name}" is a value of another backend; pass what its read() gives`,
      );
    }
    const { data } = value;
    if (!(data instanceof Float32Array || data instanceof Int32Array)) {
      const got = Object.prototype.toString.call(data).slice(8, -1);
      throw this.inputError(`input "${name}" is a ${got}, wanted a Float32Array or an Int32Array`);
    }
    return data;
  }

  private inputError(message: string): OnnxError {
    return new OnnxError('input', `program "${this.graph.name}": ${message}`);
  }
}
