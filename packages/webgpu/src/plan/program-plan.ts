import type { DataType, NodeId } from '@samgpu/graph';
import type { Kernel } from '@samgpu/kernels';

import type { KernelTask } from '../variants/kernel-task.ts';
import type { StaticTensor, StaticData } from './static-tensor.ts';

/** How the elements of a static tensor are arranged for the kernel that reads them. */
export interface Packing {
  /** Names the arrangement: equal names for equal results. */
  readonly name: string;
  readonly bytes: number;
  pack(data: StaticData): ArrayBufferView;
}

/** Where a value of a program comes from. */
export type ValueOrigin =
  /** Written by a step. */
  | { readonly kind: 'computed' }
  /** Given to each run. */
  | { readonly kind: 'input'; readonly name: string }
  /** Uploaded once. */
  | { readonly kind: 'static'; readonly tensor: StaticTensor; readonly packing: Packing };

/** A stretch of memory that kernels read or write. */
export interface PlannedValue {
  readonly bytes: number;
  readonly origin: ValueOrigin;
  readonly label: string;
}

/** Part of a value as a binding sees it. */
export interface BoundValue {
  /** Position in the plan's values. */
  readonly value: number;
  /** Bytes from its start, a multiple of the alignment of bindings. */
  readonly offset: number;
}

/** One dispatch. */
export interface Step {
  readonly kernel: Kernel;
  /** In the order of the kernel's bindings. */
  readonly operands: readonly BoundValue[];
  /** The node of the graph that it computes, or the last one of those that it does. */
  readonly node: NodeId;
  /** For GPU objects, profiles and messages: the model path and the operation. */
  readonly label: string;
}

/** An output of the graph: dense elements from the start of a value on. */
export interface PlannedOutput extends BoundValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly bytes: number;
}

/** What a graph does on a device, without any object of one. */
export interface ProgramPlan {
  readonly values: readonly PlannedValue[];
  readonly steps: readonly Step[];
  readonly outputs: readonly PlannedOutput[];
  /** Kernels whose variant was chosen. */
  readonly tasks: readonly KernelTask[];
}
