import type { WeightDtype } from '../dtype.ts';
import { dtypeSize } from '../dtype.ts';
import { quote } from '../weights-error.ts';
import {
  KnownConstant,
  kindOf,
  OpaqueClass,
  type PickleContext,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';
import { checkedTensor, PickledTensor, StorageReference, StorageType } from './pickled-tensor.ts';
import { dtypeNames } from './pytorch-dtypes.ts';

/** PyTorch's own limit. */
const mostAxes = 64;

/** From a storage, offset, size and stride. */
export function rebuildTensor(args: readonly PickleValue[], context: PickleContext): PickledTensor {
  const [storage] = args;
  const dtype = storage instanceof StorageReference ? storage.type.dtype : undefined;
  return rebuild(args, dtype, context);
}

/** The same, for a storage that is counted in bytes. */
export function rebuildTyped(
  args: readonly PickleValue[],
  dtype: PickleValue | undefined,
  context: PickleContext,
): PickledTensor {
  const name = dtype instanceof KnownConstant ? dtype.name.replace('torch.', '') : '';
  return rebuild(args, dtypeNames.get(name), context);
}

function rebuild(
  [storage, offset, shape, strides]: readonly PickleValue[],
  dtype: WeightDtype | undefined,
  context: PickleContext,
): PickledTensor {
  if (!(storage instanceof StorageReference)) {
    throw context.fail('pickle', `a tensor is made of ${kindOf(storage)}, expected a storage`);
  }
  if (dtype === undefined) {
    throw context.fail('dtype', `a tensor in storage ${quote(storage.key)} has no known dtype`);
  }
  if (
    typeof offset !== 'number' ||
    !(shape instanceof PickleTuple && areNumbers(shape.items)) ||
    !(strides instanceof PickleTuple && areNumbers(strides.items))
  ) {
    throw context.fail(
      'shape',
      `a tensor has ${kindOf(offset)} as its offset, ${kindOf(shape)} as its shape and ${kindOf(strides)} as its ` +
        'strides, expected a number and two tuples of at most ' +
        `${mostAxes} numbers`,
    );
  }
  const tensor = new PickledTensor(storage, dtype, shape.items, strides.items, offset);
  return checkedTensor(tensor, context);
}

/** Of a tuple that is short: a long one could be used again and again. */
function areNumbers(items: readonly PickleValue[]): items is readonly number[] {
  return items.length <= mostAxes && items.every((item) => typeof item === 'number');
}

/**
 * The storages that a pickle refers to, by what `torch.save` calls persistent ids: tuples of the word `storage`, the
 * class, the key, the device that it was on (of no meaning here) and the number of elements.
 */
export class StorageTable {
  readonly #storages = new Map<string, StorageReference>();

  get references(): ReadonlyMap<string, StorageReference> {
    return this.#storages;
  }

  /** @throws WeightsError if the id is no such tuple, or refers to a known storage as something else */
  load(id: PickleValue, { fail }: PickleContext): StorageReference | OpaqueClass {
    const items = id instanceof PickleTuple ? id.items : [];
    // The legacy format keeps the source code of a module beside its class.
    if (items[0] === 'module' && items[1] instanceof OpaqueClass) {
      return items[1];
    }
    const [word, type, key, device, elements, view = null] = items;
    if (
      word !== 'storage' ||
      !(type instanceof StorageType) ||
      typeof key !== 'string' ||
      typeof device !== 'string' ||
      !isCount(elements)
    ) {
      throw fail(
        'pickle',
        `the pickle refers to a storage by ${items.slice(0, 5).map(kindOf).join(', ') || kindOf(id)}, expected the word ` +
          '"storage", a storage class, a key, a device and a number of elements',
      );
    }
    if (view !== null) {
      throw fail(
        'format',
        `storage ${quote(key)} is a view of another, as only very old versions of PyTorch write it. Save the file again with a newer one`,
      );
    }
    const byteLength = elements * (type.dtype === undefined ? 1 : dtypeSize(type.dtype));
    if (!Number.isSafeInteger(byteLength)) {
      throw fail(
        'shape',
        `storage ${quote(key)} has ${elements} elements, which is more than 2^53 bytes`,
      );
    }
    const known = this.#storages.get(key);
    if (known === undefined) {
      const reference = new StorageReference(key, type, byteLength);
      this.#storages.set(key, reference);
      return reference;
    }
    if (known.type.dtype !== type.dtype || known.byteLength !== byteLength) {
      throw fail(
        'size',
        `storage ${quote(key)} is ${byteLength} bytes of ${type.name} here and ${known.byteLength} of ${known.type.name} elsewhere`,
      );
    }
    return known;
  }
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
