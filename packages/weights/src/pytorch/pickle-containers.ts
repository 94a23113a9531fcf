import {
  kindOf,
  OpaqueObject,
  type PickleContext,
  PickleDictionary,
  PickleList,
  PickleSet,
  type PickleValue,
} from './pickle-values.ts';
import { quote } from '../weights-error.ts';

/** @throws WeightsError if the target is no list or set, or a key cannot be in a set */
export function appendTo(
  target: PickleValue,
  items: readonly PickleValue[],
  context: PickleContext,
): PickleValue {
  if (target instanceof PickleSet) {
    for (const item of items) {
      checkKey(item, context);
      target.items.add(item);
    }
    return target;
  }
  if (!(target instanceof PickleList || target instanceof OpaqueObject)) {
    throw context.fail('pickle', `the pickle appends to ${kindOf(target)}, expected a list or set`);
  }
  for (const item of items) {
    target.items.push(item);
  }
  return target;
}

/**
 * @param pairs - keys and values in turn
 * @throws WeightsError if the target is no dictionary, a key cannot be one, or is there already: no dictionary that
 *   was pickled has a key twice, and readers that differ in which value they take could be told different things
 */
export function setIn(
  target: PickleValue,
  pairs: readonly PickleValue[],
  context: PickleContext,
): PickleValue {
  if (!(target instanceof PickleDictionary || target instanceof OpaqueObject)) {
    throw context.fail(
      'pickle',
      `the pickle sets keys in ${kindOf(target)}, expected a dictionary`,
    );
  }
  if (pairs.length % 2 !== 0) {
    throw context.fail('pickle', 'the pickle sets a key without a value');
  }
  for (let i = 0; i < pairs.length; i += 2) {
    const key = pairs[i]!;
    checkKey(key, context);
    if (target.entries.has(key)) {
      const name = typeof key === 'object' ? kindOf(key) : quote(String(key));
      throw context.fail('duplicate-name', `a dictionary has the key ${name} twice`);
    }
    target.entries.set(key, pairs[i + 1]!);
  }
  return target;
}

/** Sets what Python calls the state of an object. Kept as it is: copying it each time could take for ever. */
export function buildInto(target: PickleValue, state: PickleValue, context: PickleContext): void {
  if (target instanceof PickleDictionary) {
    target.attributes = state;
  } else if (target instanceof OpaqueObject) {
    target.state = state;
  } else {
    throw context.fail(
      'pickle',
      `the pickle sets the state of ${kindOf(target)}, expected a dictionary`,
    );
  }
}

function checkKey(key: PickleValue, { fail }: PickleContext): void {
  if (key instanceof PickleList || key instanceof PickleDictionary) {
    throw fail('pickle', `the pickle has ${kindOf(key)} as a key, expected one that cannot change`);
  }
}
