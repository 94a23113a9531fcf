// The closed set of what a checkpoint's pickle may name: what `torch.save` writes for tensors, parameters and
// containers (torch/_utils.py, torch/_tensor.py and torch/serialization.py of PyTorch, BSD-3-Clause, say what the
// functions do with their arguments). None of them is Python's own: each is carried out here, on plain values.

import { quote } from '../weights-error.ts';
import { appendTo, setIn } from './pickle-containers.ts';
import {
  KnownCallable,
  KnownConstant,
  kindOf,
  OpaqueClass,
  type PickleContext,
  PickleDictionary,
  PickleList,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';
import { PickledTensor, StorageType } from './pickled-tensor.ts';
import { dtypeNames, storageNames } from './pytorch-dtypes.ts';
import { rebuildTensor, rebuildTyped } from './rebuild-tensor.ts';

type Args = readonly PickleValue[];

const rebuilders = callables('torch._utils', {
  _rebuild_tensor: rebuildTensor,
  _rebuild_tensor_v2: (args, context) => {
    checkPlain(args[6], context);
    return rebuildTensor(args, context);
  },
  _rebuild_tensor_v3: (args, context) => {
    checkPlain(args[7], context);
    return rebuildTyped(args, args[6], context);
  },
  _rebuild_parameter: tensorOfParameter,
  _rebuild_parameter_with_state: tensorOfParameter,
});

const globals: ReadonlyMap<string, ReadonlyMap<string, PickleValue>> = new Map([
  ...['builtins', '__builtin__'].map((module) => [module, builtins()] as const),
  [
    'collections',
    callables('collections', {
      OrderedDict: makeDictionary,
      Counter: makeDictionary,
      // The first argument makes missing values, of which a pickle has none.
      defaultdict: (args, context) => makeDictionary(args.slice(1), context),
    }),
  ],
  ['_codecs', callables('_codecs', { encode: encodeLatin1 })],
  [
    'torch',
    new Map<string, PickleValue>([
      ...Array.from(
        storageNames,
        ([name, dtype]) => [name, storage('torch', name, dtype)] as const,
      ),
      ...Array.from(
        dtypeNames.keys(),
        (name) => [name, new KnownConstant(`torch.${name}`)] as const,
      ),
      ...callables('torch', { Size: makeSize, device: (args) => new PickleTuple(args) }),
      ['UntypedStorage', storage('torch', 'UntypedStorage', undefined)],
      ['Tensor', new KnownConstant('torch.Tensor')],
    ]),
  ],
  [
    'torch.storage',
    new Map([['UntypedStorage', storage('torch.storage', 'UntypedStorage', undefined)]]),
  ],
  ['torch.nn.parameter', constants('torch.nn.parameter', ['Parameter', 'Buffer'])],
  ['torch._utils', rebuilders],
  ['torch._tensor', callables('torch._tensor', { _rebuild_from_type_v2: rebuildFromType })],
]);

/**
 * Looks a global up in the closed set.
 *
 * @param allowOpaque - take one that is not in the set as a mere name, objects of which are records
 * @throws WeightsError with code `forbidden-global`
 */
export function resolveGlobal(
  module: string,
  name: string,
  allowOpaque: boolean,
  { fail }: PickleContext,
): PickleValue {
  const known = globals.get(module)?.get(name);
  if (known !== undefined) {
    return known;
  }
  const path = `${module}.${name}`;
  if (allowOpaque) {
    return new OpaqueClass(path);
  }
  throw fail(
    'forbidden-global',
    `the pickle names the global ${quote(path)}, which is not needed to describe tensors. ` +
      'Nothing was run, but in Python this might: make sure that you trust the file. If it holds a whole model rather ' +
      'than a state dict, allowOpaqueObjects reads unknown objects as inert records',
  );
}

type Call = (args: Args, context: PickleContext) => PickleValue;

function callables(
  module: string,
  calls: Readonly<Record<string, Call>>,
): Map<string, PickleValue> {
  return new Map(
    Object.entries(calls).map(([name, call]) => [
      name,
      new KnownCallable(`${module}.${name}`, call),
    ]),
  );
}

function constants(module: string, names: readonly string[]): Map<string, PickleValue> {
  return new Map(names.map((name) => [name, new KnownConstant(`${module}.${name}`)]));
}

function storage(module: string, name: string, dtype: StorageType['dtype']): StorageType {
  return new StorageType(`${module}.${name}`, dtype);
}

/** Under Python 2's name of the module too, which protocol 2 writes. */
function builtins(): Map<string, PickleValue> {
  const makeSet: Call = (args, context) => {
    const [items] = args;
    return items === undefined
      ? new PickleSet()
      : appendTo(new PickleSet(), copyOf(items, context), context);
  };
  return new Map([
    ...callables('builtins', { set: makeSet, frozenset: makeSet }),
    // What a defaultdict may make its values with.
    ...constants('builtins', ['dict', 'list', 'int', 'float']),
  ]);
}

/** The items of a list or tuple, which stay shared with other places of the pickle. */
function copyOf(value: PickleValue, context: PickleContext): readonly PickleValue[] {
  if (!(value instanceof PickleList || value instanceof PickleTuple)) {
    throw context.fail(
      'pickle',
      `the pickle takes ${kindOf(value)} apart, expected a list or tuple`,
    );
  }
  context.spend(value.items.length);
  return value.items;
}

/** From nothing, or from a list of pairs as Python 2 wrote it. */
function makeDictionary(args: Args, context: PickleContext): PickleValue {
  const dictionary = new PickleDictionary();
  const [pairs] = args;
  if (pairs === undefined) {
    return dictionary;
  }
  if (pairs instanceof PickleDictionary) {
    // A Counter is pickled with its counts in a plain dictionary.
    context.spend(pairs.entries.size);
    return setIn(dictionary, Array.from(pairs.entries).flat(), context);
  }
  for (const pair of copyOf(pairs, context)) {
    setIn(dictionary, copyOf(pair, context), context);
  }
  return dictionary;
}

function makeSize([shape]: Args, { fail }: PickleContext): PickleValue {
  if (shape instanceof PickleTuple) {
    return shape;
  }
  throw fail('pickle', `the pickle makes torch.Size from ${kindOf(shape)}, expected a tuple`);
}

/** How protocol 2 writes bytes: as a text of the characters 0 to 255. */
function encodeLatin1([text, encoding]: Args, { fail, spend }: PickleContext): PickleValue {
  const isLatin1 = encoding === 'latin1' || encoding === 'latin-1';
  if (typeof text !== 'string' || !isLatin1 || /[^\0-\xff]/.test(text)) {
    throw fail(
      'pickle',
      `the pickle encodes ${kindOf(text)} by ${kindOf(encoding)}, expected characters up to 255 by "latin1"`,
    );
  }
  spend(text.length);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A parameter is a tensor with flags for training. */
function tensorOfParameter([tensor]: Args, { fail }: PickleContext): PickleValue {
  if (tensor instanceof PickledTensor) {
    return tensor;
  }
  throw fail('pickle', `the pickle makes a parameter of ${kindOf(tensor)}, expected a tensor`);
}

/** Marks for a tensor that is lazily conjugated or negated, so that its bytes are not its values. */
function checkPlain(metadata: PickleValue | undefined, { fail }: PickleContext): void {
  if (metadata instanceof PickleDictionary && metadata.entries.size > 0) {
    throw fail('dtype', 'a tensor is stored conjugated or negated, expected plain values');
  }
}

/** A tensor with attributes of its own, which are dropped: function, type, arguments and attributes. */
function rebuildFromType(args: Args, context: PickleContext): PickleValue {
  const [rebuild, type, inner] = args;
  const isRebuilder =
    rebuild instanceof KnownCallable && Array.from(rebuilders.values()).includes(rebuild);
  if (!isRebuilder || !(type instanceof KnownConstant) || !(inner instanceof PickleTuple)) {
    throw context.fail(
      'pickle',
      `the pickle rebuilds ${kindOf(type)} by ${kindOf(rebuild)}, expected a plain tensor`,
    );
  }
  return rebuild.call(inner.items, context);
}
