import { elementCount, type Graph, type GraphNode, nodeAt, type NodeId } from '@samgpu/graph';
import { copyKernel, denseView, type Kernel, type KernelDevice, type View } from '@samgpu/kernels';

import { align } from '../memory/plan-arenas.ts';
import { chooseKernel } from '../variants/choose-kernel.ts';
import type { KernelTask, VariedKernel } from '../variants/kernel-task.ts';
import type { VariantRule } from '../variants/variant-rule.ts';
import { WebGpuError } from '../webgpu-error.ts';
import type { Fusion, FusionPlan } from './fuse.ts';
import { type Home, homesInConcats } from './homes.ts';
import { asIs } from './packing.ts';
import type { BoundValue, Packing, PlannedValue, Step } from './program-plan.ts';
import { type StaticTensor, staticTensor } from './static-tensor.ts';
import { isDense, reshapeView, sliceView, transposeView } from './views.ts';

/** Where the elements of a node lie, in elements of four bytes from the start of a value. */
export interface Stored {
  readonly value: number;
  readonly view: View;
}

/** A stored tensor as a kernel gets it: a binding, and a view that begins at the binding's start. */
export interface Bound {
  readonly operand: BoundValue;
  readonly view: View;
}

/** What planning needs to know of a device. */
export interface PlanDevice {
  readonly kernels: KernelDevice;
  /** `minStorageBufferOffsetAlignment` */
  readonly alignment: number;
  readonly storageBuffers: number;
  /** Variants to take instead of the usual ones; the first rule that fits counts. By default none. */
  readonly variants?: readonly VariantRule[];
}

// Shaders read up to four elements at once, also where the last of them are past the end.
const GRAIN = 16;

/** Collects the values and steps of a program, node by node. */
export class Planner {
  readonly graph: Graph;
  readonly device: PlanDevice;
  readonly values: PlannedValue[] = [];
  readonly steps: Step[] = [];
  /** Those of which there are several variants, as they were asked for. */
  readonly tasks: KernelTask[] = [];
  private readonly known: ReadonlySet<NodeId>;
  private readonly fusions: FusionPlan;
  private readonly homes: ReadonlyMap<NodeId, Home>;
  private readonly stored = new Map<NodeId, Stored>();
  private readonly uploads = new Map<string, number>();
  private readonly concats = new Map<NodeId, number>();

  /** @param known - nodes that do not depend on an input */
  constructor(graph: Graph, device: PlanDevice, known: ReadonlySet<NodeId>, fusions: FusionPlan) {
    this.graph = graph;
    this.device = device;
    this.known = known;
    this.fusions = fusions;
    this.homes = homesInConcats(graph, known, fusions, device.alignment);
  }

  node(id: NodeId): GraphNode {
    return nodeAt(this.graph.nodes, id);
  }

  /** What the kernel of a node is to do besides its own operation. */
  fusionOf(node: GraphNode): Fusion {
    return (
      this.fusions.fusions.get(node.id) ?? {
        last: node.id,
        activation: 'none',
        residual: undefined,
        activationAfterResidual: false,
      }
    );
  }

  isStatic(id: NodeId): boolean {
    return this.known.has(id);
  }

  static(id: NodeId): StaticTensor {
    return staticTensor(this.graph, id);
  }

  /** A value for an input of the graph. */
  addInput(node: GraphNode<'input'>): void {
    const { name } = node.attributes;
    const bytes = paddedBytes(node.shape);
    const value = this.addValue({ bytes, origin: { kind: 'input', name }, label: `input ${name}` });
    this.record(node.id, { value, view: denseView(node.shape) });
  }

  /** A static tensor in the arrangement that a kernel wants. Equal ones are one value. */
  upload(tensor: StaticTensor, packing: Packing): BoundValue {
    const key = `${packing.name}\n${tensor.key}`;
    let value = this.uploads.get(key);
    if (value === undefined) {
      const origin = { kind: 'static', tensor, packing } as const;
      value = this.addValue({ bytes: packing.bytes, origin, label: tensor.label });
      this.uploads.set(key, value);
    }
    return { value, offset: 0 };
  }

  record(id: NodeId, stored: Stored): void {
    this.stored.set(id, stored);
  }

  /** Where the elements of a node lie. Layout operations of static tensors are resolved here. */
  at(id: NodeId): Stored {
    let stored = this.stored.get(id);
    if (stored === undefined) {
      if (!this.known.has(id)) {
        throw new RangeError(`node ${id} is read before it is computed`);
      }
      stored = this.staticStored(this.node(id));
      this.record(id, stored);
    }
    return stored;
  }

  /** A node for a kernel that reads any view. */
  view(id: NodeId): Bound {
    return this.bind(this.at(id));
  }

  /** A node for a kernel that reads dense elements from the start of the binding on. */
  dense(id: NodeId): BoundValue {
    return this.bindDense(this.at(id), this.node(id));
  }

  bind({ value, view }: Stored): Bound {
    const { alignment } = this.device;
    const offset = Math.floor((view.offset * 4) / alignment) * alignment;
    return {
      operand: { value, offset },
      view: { ...view, offset: view.offset - offset / 4 },
    };
  }

  /** As `dense`, for elements that need not be those of a node; copies them where it has to. */
  bindDense(stored: Stored, node: GraphNode): BoundValue {
    if (isDense(stored.view)) {
      const { operand, view } = this.bind(stored);
      if (view.offset === 0) {
        return operand;
      }
    }
    return this.bind(this.copy(stored, node)).operand;
  }

  /** The same elements, densely in a value of their own. */
  copy(stored: Stored, node: GraphNode): Stored {
    const view = denseView(stored.view.shape);
    const value = this.addComputed(view.shape, `${labelOf(node)} dense`);
    this.copyInto(node, stored, { value, view });
    return { value, view };
  }

  /** Copies elements to where others of the same shape lie. */
  copyInto(node: GraphNode, source: Stored, target: Stored): void {
    const x = this.bind(source);
    const y = this.bind(target);
    const kernel = copyKernel({ x: x.view, target: y.view }, this.device.kernels);
    this.emit(node, kernel, { x: x.operand, y: y.operand });
  }

  /** Memory for the dense result of a node, or of the fusion that begins with it. */
  result(node: GraphNode): BoundValue {
    const { last } = this.fusionOf(node);
    const { shape } = this.node(last);
    const home = this.homes.get(last);
    if (home !== undefined) {
      const value = this.concatValue(home.concat);
      this.record(last, { value, view: denseView(shape, home.offset / 4) });
      return { value, offset: home.offset };
    }
    const value = this.addComputed(shape, labelOf(node));
    this.record(last, { value, view: denseView(shape) });
    return { value, offset: 0 };
  }

  /** The memory of a concatenation, into which its parts are written. */
  concatValue(concat: NodeId): number {
    let value = this.concats.get(concat);
    if (value === undefined) {
      const node = this.node(concat);
      value = this.addComputed(node.shape, labelOf(node));
      this.concats.set(concat, value);
    }
    return value;
  }

  /** Whether a part is written into a concatenation by its own kernel. */
  isAtHome(part: NodeId, concat: NodeId): boolean {
    return this.homes.get(part)?.concat === concat;
  }

  /** Memory for elements that steps write. */
  addComputed(shape: readonly number[], label: string): number {
    return this.addValue({ bytes: paddedBytes(shape), origin: { kind: 'computed' }, label });
  }

  /** The kernel for a task, in the variant that the device's table says. */
  choose<Name extends VariedKernel>(task: KernelTask<Name>): Kernel {
    // Whoever reads it goes by `kernel`, which says what the other fields are.
    this.tasks.push(task as unknown as KernelTask);
    return chooseKernel(task, this.device.variants ?? []);
  }

  /** Adds a dispatch. `operands` has one entry for each binding of the kernel, by its name. */
  emit(node: GraphNode, kernel: Kernel, operands: Readonly<Record<string, BoundValue>>): void {
    const label = labelOf(node);
    const bound = kernel.bindings.map(({ name, bytes }) => {
      const operand = operands[name];
      if (operand === undefined) {
        throw new RangeError(`${label}: ${kernel.label} binds ${name}, which it was not given`);
      }
      const got = this.values[operand.value]!.bytes - operand.offset;
      if (align(bytes, 4) > got) {
        throw new RangeError(
          `${label}: ${kernel.label} takes ${bytes} bytes of ${name}, got ${got}`,
        );
      }
      return operand;
    });
    const { storageBuffers } = this.device;
    if (bound.length > storageBuffers) {
      throw new WebGpuError(
        'unsupported',
        `${label}: ${kernel.label} takes ${bound.length} buffers, and this device binds ${storageBuffers}`,
        { sizes: { got: bound.length, limit: storageBuffers } },
      );
    }
    this.steps.push({ kernel, operands: bound, node: node.id, label });
  }

  private addValue(value: PlannedValue): number {
    this.values.push(value);
    return this.values.length - 1;
  }

  private staticStored(node: GraphNode): Stored {
    if (node.operation === 'reshape' || node.operation === 'slice' || node.operation === 'expand') {
      const view = layoutView(node, this.at(node.inputs[0]!).view);
      if (view !== undefined) {
        return { value: this.at(node.inputs[0]!).value, view };
      }
    }
    const tensor = this.static(node.id);
    const { value } = this.upload(tensor, asIs(tensor));
    return { value, view: denseView(node.shape) };
  }
}

/** What a layout operation makes of a view; undefined where elements have to move. */
export function layoutView(
  node: GraphNode<'reshape' | 'slice' | 'expand' | 'transpose'>,
  view: View,
): View | undefined {
  switch (node.operation) {
    case 'reshape':
      return reshapeView(view, node.shape);
    case 'slice':
      return sliceView(view, node.attributes.starts, node.shape);
    case 'transpose':
      return transposeView(view, node.attributes.permutation);
    default:
      return expandView(view, node.shape);
  }
}

function expandView(view: View, shape: readonly number[]): View {
  const missing = shape.length - view.shape.length;
  const strides = shape.map((_, axis) =>
    axis < missing || view.shape[axis - missing] === 1 ? 0 : view.strides[axis - missing]!,
  );
  return { shape, strides, offset: view.offset };
}

/** `blocks.0.attn.qkv linear`, or only the operation where the model has no name for it. */
export function labelOf({ label, operation }: GraphNode): string {
  return label === '' ? operation : `${label} ${operation}`;
}

function paddedBytes(shape: readonly number[]): number {
  return align(elementCount(shape) * 4, GRAIN);
}
