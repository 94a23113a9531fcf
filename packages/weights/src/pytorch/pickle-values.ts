// What a pickle is read into. None of these can run anything: objects of unknown classes are records of what the
// pickle says about them. Dictionaries are Maps, so that no key can reach a prototype.

import type { WeightsError, WeightsErrorCode } from '../weights-error.ts';
import type { PickledTensor, StorageReference, StorageType } from './pickled-tensor.ts';

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleList
  | PickleSet
  | PickleDictionary
  | KnownCallable
  | KnownConstant
  | OpaqueClass
  | OpaqueObject
  | StorageType
  | StorageReference
  | PickledTensor;

export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleSet {
  readonly items: Set<PickleValue> = new Set();
}

/** A dict or one of its subclasses in Python's standard library. */
export class PickleDictionary {
  readonly entries: Map<PickleValue, PickleValue> = new Map();
  /** What was set on the object itself, such as `_metadata` of a state dict. */
  attributes: PickleValue = null;
}

/** What a {@link KnownCallable} may ask of the machine that runs the pickle. */
export interface PickleContext {
  /** An error that says where in the pickle it happened. */
  readonly fail: (code: WeightsErrorCode, message: string) => WeightsError;
  /**
   * To be called before copying that many elements of a value, which other places of the pickle may refer to again.
   *
   * @throws WeightsError once more was copied than an honest pickle of this size has
   */
  readonly spend: (elements: number) => void;
}

/** One of the closed set of functions and classes, carried out by us. */
export class KnownCallable {
  readonly name: string;
  readonly call: (args: readonly PickleValue[], context: PickleContext) => PickleValue;

  constructor(
    name: string,
    call: (args: readonly PickleValue[], context: PickleContext) => PickleValue,
  ) {
    this.name = name;
    this.call = call;
  }
}

/** One of the closed set of globals that are only mentioned, such as `torch.float32`. */
export class KnownConstant {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A class or function that is not known: a name. */
export class OpaqueClass {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a pickle says of an object whose class is not known. */
export class OpaqueObject {
  /** With its module, such as `ultralytics.nn.tasks.SegmentationModel`. */
  readonly className: string;
  readonly args: readonly PickleValue[];
  /** Usually the attributes, a {@link PickleDictionary}. */
  state: PickleValue = null;
  /** For subclasses of list and set. */
  readonly items: PickleValue[] = [];
  /** For subclasses of dict. */
  readonly entries: Map<PickleValue, PickleValue> = new Map();

  constructor(className: string, args: readonly PickleValue[]) {
    this.className = className;
    this.args = args;
  }
}

/** The kind of a value, for messages. Never its content: that may be huge, or contain itself. */
export function kindOf(value: PickleValue | undefined): string {
  if (value === null || value === undefined) {
    return 'None';
  }
  if (typeof value !== 'object') {
    return typeof value;
  }
  if (value instanceof OpaqueObject) {
    return `an object of ${value.className}`;
  }
  if (
    value instanceof KnownCallable ||
    value instanceof KnownConstant ||
    value instanceof OpaqueClass
  ) {
    return value.name;
  }
  return kinds.get(value.constructor) ?? 'an object';
}

const kinds: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [Uint8Array, 'bytes'],
  [PickleTuple, 'a tuple'],
  [PickleList, 'a list'],
  [PickleSet, 'a set'],
  [PickleDictionary, 'a dictionary'],
]);
