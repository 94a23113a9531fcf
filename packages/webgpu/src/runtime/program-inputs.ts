import {
  type DataType,
  type DeviceValue,
  elementCount,
  formatShape,
  type Graph,
  type HostValue,
  nodeAt,
} from '@samgpu/graph';

import { WebGpuError } from '../webgpu-error.ts';
import type { DeviceState } from './device-state.ts';
import { WebGpuValue } from './webgpu-value.ts';

/** What a caller may pass to a program. */
export type ProgramInputs = Readonly<Record<string, HostValue | DeviceValue>>;

/** A checked input: elements to upload, or a value of the same device. */
export type CheckedInput = HostValue['data'] | WebGpuValue;

/**
 * Checks the inputs of a run.
 *
 * @throws WebGpuError `input`, `disposed` or, for values of a device that was lost, `device-lost`
 */
export function checkInputs(
  graph: Graph,
  inputs: ProgramInputs,
  state: DeviceState,
): ReadonlyMap<string, CheckedInput> {
  const unknown = Object.keys(inputs).filter((name) => !graph.inputs.has(name));
  if (unknown.length > 0) {
    const known = [...graph.inputs.keys()].join(', ') || 'none';
    throw inputError(graph, `there is no input "${unknown.join('", "')}"; inputs are: ${known}`);
  }
  const checked = new Map<string, CheckedInput>();
  for (const [name, id] of graph.inputs) {
    const { shape, dtype } = nodeAt(graph.nodes, id);
    const value = inputs[name];
    const wanted = `wanted ${dtype} ${formatShape(shape)}`;
    if (value === undefined) {
      throw inputError(graph, `input "${name}" is missing, ${wanted}`);
    }
    if (formatShape(value.shape) !== formatShape(shape)) {
      const got = formatShape(value.shape);
      throw inputError(graph, `input "${name}" has shape ${got}, ${wanted}`);
    }
    const source = sourceOf(graph, name, value, state);
    const got = dtypeOf(source);
    if (got !== dtype) {
      const fix = dtype === 'f32' ? 'pass a Float32Array' : 'pass an Int32Array';
      throw inputError(graph, `input "${name}" is ${got}, ${wanted}; ${fix}`);
    }
    if (!(source instanceof WebGpuValue) && source.length !== elementCount(shape)) {
      throw inputError(graph, `input "${name}" has ${source.length} elements, ${wanted}`);
    }
    checked.set(name, source);
  }
  return checked;
}

function sourceOf(
  graph: Graph,
  name: string,
  value: HostValue | DeviceValue,
  state: DeviceState,
): CheckedInput {
  if (value instanceof WebGpuValue) {
    if (value.state.isLost) {
      throw new WebGpuError(
        'device-lost',
        `program "${graph.name}": input "${name}" is on a device that was lost; compute it again`,
      );
    }
    if (value.state !== state) {
      throw inputError(
        graph,
        `input "${name}" is a value of another backend; pass what its read() gives`,
      );
    }
    // Throws where it was disposed of.
    void value.buffer;
    return value;
  }
  if (!('data' in value)) {
    throw inputError(
      graph,
      `input "${name}" is a value of another backend; pass what its read() gives`,
    );
  }
  const { data } = value;
  if (!(data instanceof Float32Array || data instanceof Int32Array)) {
    const got = Object.prototype.toString.call(data).slice(8, -1);
    throw inputError(graph, `input "${name}" is a ${got}, wanted a Float32Array or an Int32Array`);
  }
  return data;
}

function dtypeOf(source: CheckedInput): DataType {
  if (source instanceof WebGpuValue) {
    return source.dtype;
  }
  return source instanceof Int32Array ? 'i32' : 'f32';
}

function inputError(graph: Graph, message: string): WebGpuError {
  return new WebGpuError('input', `program "${graph.name}": ${message}`);
}
