import { resolveGlobal } from './checkpoint-globals.ts';
import type { PickleValue } from './pickle-values.ts';
import type { StorageReference } from './pickled-tensor.ts';
import type { StorageTable } from './rebuild-tensor.ts';
import type { PickleEnvironment } from './unpickle.ts';

/** What a file of `torch.save` holds, before any of its storages is read. */
export interface Checkpoint {
  readonly root: PickleValue;
  /** The parts of the file that describe it: equal ones of files of equal size describe the same tensors. */
  readonly description: readonly Uint8Array[];
  /**
   * Where in the file a storage starts, checked to have its length there.
   *
   * @throws WeightsError if the file has no room for it
   */
  locate(storage: StorageReference, signal?: AbortSignal): Promise<number>;
}

export interface CheckpointOptions {
  readonly allowOpaqueObjects: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** In bytes. A large model's takes half a megabyte. */
export const largestPickle: number = 2 ** 26;

export function checkpointEnvironment(
  storages: StorageTable,
  { allowOpaqueObjects }: CheckpointOptions,
): PickleEnvironment {
  return {
    resolveGlobal: (module, name, context) =>
      resolveGlobal(module, name, allowOpaqueObjects, context),
    loadPersistent: (id, context) => storages.load(id, context),
  };
}
