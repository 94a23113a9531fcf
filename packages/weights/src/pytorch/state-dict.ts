import { quote, WeightsError } from '../weights-error.ts';
import { tensorsOfModule } from './module-state.ts';
import { kindOf, OpaqueObject, PickleDictionary, type PickleValue } from './pickle-values.ts';
import { PickledTensor } from './pickled-tensor.ts';

export interface StateDict {
  readonly tensors: ReadonlyMap<string, PickledTensor>;
  /** Texts, numbers and truth values that lie beside the tensors, or beside the dictionary that holds them. */
  readonly metadata: ReadonlyMap<string, string>;
}

const usualKeys = ['model', 'state_dict', 'ema'] as const;

/**
 * Finds the tensors of a checkpoint.
 *
 * @param path - the keys that lead to them, or undefined to take the root or what lies under a usual key
 * @throws WeightsError with code `state-dict` if there are none, or it is not clear which are meant
 */
export function selectStateDict(root: PickleValue, path: readonly string[] | undefined): StateDict {
  const selected = path === undefined ? usualPlace(root) : follow(root, path);
  const tensors = tensorsOf(selected);
  if (tensors.size === 0) {
    const where = path === undefined ? 'the checkpoint' : path.map((key) => quote(key)).join(' → ');
    throw new WeightsError(
      'state-dict',
      `${where} is ${describe(selected)}, expected a dictionary with tensors. ` +
        'Give the option key the keys that lead to one',
    );
  }
  return { tensors, metadata: new Map([...notesOf(root), ...notesOf(selected)]) };
}

function usualPlace(root: PickleValue): PickleValue {
  const entries: ReadonlyMap<PickleValue, PickleValue> =
    root instanceof PickleDictionary ? root.entries : new Map();
  const all = [...entries.values()];
  if (all.length > 0 && all.every((value) => value instanceof PickledTensor)) {
    return root;
  }
  const found = usualKeys.filter((key) => tensorsOf(entries.get(key) ?? null).size > 0);
  const [first] = found;
  if (first !== undefined && found.length > 1) {
    throw new WeightsError(
      'state-dict',
      `the checkpoint has tensors under ${found.map((key) => quote(key)).join(' and ')}. ` +
        `Choose with the option key, such as key: ${quote(first)}`,
    );
  }
  return first === undefined ? root : entries.get(first)!;
}

function follow(root: PickleValue, path: readonly string[]): PickleValue {
  let value = root;
  for (const [depth, key] of path.entries()) {
    const next = membersOf(value)?.get(key);
    if (next === undefined) {
      const before = path.slice(0, depth).map((part) => quote(part));
      throw new WeightsError(
        'state-dict',
        `there is no ${quote(key)} in ${before.join(' → ') || 'the checkpoint'}, which is ${describe(value)}`,
      );
    }
    value = next;
  }
  return value;
}

function membersOf(value: PickleValue): ReadonlyMap<PickleValue, PickleValue> | undefined {
  if (value instanceof PickleDictionary) {
    return value.entries;
  }
  if (value instanceof OpaqueObject) {
    return value.entries.size > 0 ? value.entries : membersOf(value.state);
  }
  return undefined;
}

function tensorsOf(value: PickleValue): ReadonlyMap<string, PickledTensor> {
  const tensors = tensorsOfModule(value);
  if (tensors !== undefined) {
    return tensors;
  }
  const named = new Map<string, PickledTensor>();
  for (const [key, member] of membersOf(value) ?? []) {
    if (typeof key === 'string' && member instanceof PickledTensor) {
      named.set(key, member);
    }
  }
  return named;
}

function notesOf(value: PickleValue): [string, string][] {
  const notes: [string, string][] = [];
  for (const [key, member] of membersOf(value) ?? []) {
    const isPlain =
      typeof member === 'string' ||
      typeof member === 'number' ||
      typeof member === 'bigint' ||
      typeof member === 'boolean';
    if (typeof key === 'string' && isPlain) {
      notes.push([key, String(member)]);
    }
  }
  return notes;
}

const mostNames = 8;

function describe(value: PickleValue): string {
  const members = membersOf(value);
  if (members === undefined) {
    return value instanceof PickledTensor ? 'a tensor' : kindOf(value);
  }
  const names = [...members.keys()].filter((key) => typeof key === 'string');
  const some = names.slice(0, mostNames).map((name) => quote(name));
  return `${kindOf(value)} with ${members.size} members${some.length > 0 ? ` (${some.join(', ')}${names.length > mostNames ? ', …' : ''})` : ''}`;
}
