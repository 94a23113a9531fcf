import { quote, WeightsError } from '../weights-error.ts';
import { OpaqueObject, PickleDictionary, PickleSet, type PickleValue } from './pickle-values.ts';
import { PickledTensor } from './pickled-tensor.ts';

// A network of modules is a tree some ten levels deep. One that was made by hand may hold itself, or hold a module twice
// on each of many levels, which would take for ever to walk.
const deepest = 100;
const mostModules = 100_000;

/**
 * The tensors of a whole `torch.nn.Module` that was pickled, under the names that its `state_dict()` gives them.
 *
 * @returns undefined if the value is no module
 * @throws WeightsError with code `state-dict` if the modules nest without end, `duplicate-name` if two tensors get one name
 */
export function tensorsOfModule(
  value: PickleValue,
): ReadonlyMap<string, PickledTensor> | undefined {
  if (partsOf(value) === undefined) {
    return undefined;
  }
  const tensors = new Map<string, PickledTensor>();
  let modules = 0;
  const walk = (module: PickleValue, prefix: string, depth: number): void => {
    if (depth > deepest || ++modules > mostModules) {
      throw new WeightsError(
        'state-dict',
        `the module nests more than ${deepest} levels deep or has more than ${mostModules} parts`,
      );
    }
    const parts = partsOf(module);
    for (const [name, tensor] of parts?.tensors ?? []) {
      const path = prefix + name;
      if (tensors.has(path)) {
        throw new WeightsError('duplicate-name', `the module has the tensor ${quote(path)} twice`);
      }
      tensors.set(path, tensor);
    }
    for (const [name, child] of parts?.children ?? []) {
      walk(child, `${prefix}${name}.`, depth + 1);
    }
  };
  walk(value, '', 0);
  return tensors;
}

interface ModuleParts {
  readonly tensors: readonly (readonly [string, PickledTensor])[];
  readonly children: readonly (readonly [string, PickleValue])[];
}

function partsOf(value: PickleValue): ModuleParts | undefined {
  const state = value instanceof OpaqueObject ? value.state : null;
  if (!(state instanceof PickleDictionary)) {
    return undefined;
  }
  const [parameters, buffers, children, hidden] = [
    '_parameters',
    '_buffers',
    '_modules',
    '_non_persistent_buffers_set',
  ].map((name) => state.entries.get(name));
  if (!(parameters instanceof PickleDictionary && children instanceof PickleDictionary)) {
    return undefined;
  }
  // Buffers that can be calculated anew are in the pickle, but not in a state dict.
  const isHidden = (name: string): boolean => hidden instanceof PickleSet && hidden.items.has(name);
  const tensors = [
    ...named(parameters),
    ...named(buffers).filter(([name]) => !isHidden(name)),
  ].filter((entry): entry is [string, PickledTensor] => entry[1] instanceof PickledTensor);
  return { tensors, children: named(children) };
}

function named(value: PickleValue | undefined): [string, PickleValue][] {
  const entries = value instanceof PickleDictionary ? [...value.entries] : [];
  return entries.filter((entry): entry is [string, PickleValue] => typeof entry[0] === 'string');
}
