import type { Variant } from '@samgpu/variant';

/** What a name stands for: a model, or what brings it when it is first needed. */
export type ModelEntry = Variant | (() => Promise<Variant>);

const entries = new Map<string, ModelEntry>();

/**
 * Gives a model a name for the attribute `model` of all `<sam-canvas>` of a page. The first one is what
 * elements without the attribute take.
 *
 * @param entry - a variant, or a function that imports it: `() => import('@samgpu/sam').then((m) => m.samVitB)`
 * @param name - @defaultValue the variant's own
 */
export function registerModel(entry: Variant): void;
export function registerModel(entry: ModelEntry, name: string): void;
export function registerModel(entry: ModelEntry, name = (entry as Variant).name): void {
  entries.set(name, entry);
}

/** Names that the attribute `model` knows, the default first. */
export function registeredModels(): string[] {
  return [...entries.keys()];
}

/** @returns undefined for a name that nobody registered */
export async function modelNamed(name: string): Promise<Variant | undefined> {
  const entry = entries.get(name);
  return typeof entry === 'function' ? entry() : entry;
}
