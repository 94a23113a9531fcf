import type { WeightManifest } from '@samgpu/graph';

import type { Variant } from './variant.ts';
import { VariantError } from './variant-error.ts';

/** A way to name the tensors of a checkpoint. */
export interface WeightNaming {
  /** For people: `official`, `Hugging Face transformers`. */
  readonly name: string;
  /** Tensors by which it is known: all of them are in a checkpoint of this naming. */
  readonly marks: readonly string[];
  /**
   * The official name of a tensor, undefined for one that is not used. Several may have the same one
   * if they are copies of each other: any of them is taken.
   *
   * @defaultValue names are official already
   */
  rename?(name: string): string | undefined;
}

/** How many names an error lists. */
const SOME = 4;

/**
 * Finds the naming of a checkpoint and gives its tensors their official names.
 *
 * @returns official name to the name in the checkpoint
 * @throws VariantError `unknown-weights` where it is none that the variant knows
 */
export function officialNames(
  { name, weightNames = [] }: Pick<Variant, 'name' | 'weightNames'>,
  found: Iterable<string>,
): Map<string, string> {
  const names = [...found];
  const present = new Set(names);
  const naming = weightNames.find(({ marks }) => marks.every((mark) => present.has(mark)));
  if (naming === undefined && weightNames.length > 0) {
    const wanted = weightNames.map((one) => `${some(one.marks)} (${one.name})`).join(' or ');
    throw new VariantError(
      'unknown-weights',
      `these are not weights of ${name}: got ${names.length} tensors called ${some(names)}, ` +
        `wanted ${wanted}; take a checkpoint of this model`,
    );
  }
  const official = new Map<string, string>();
  for (const stored of names) {
    const renamed = naming?.rename === undefined ? stored : naming.rename(stored);
    if (renamed !== undefined && !official.has(renamed)) {
      official.set(renamed, stored);
    }
  }
  return official;
}

/**
 * Checks the shapes of a checkpoint against those that the variant lists, if it does: tracing a graph
 * of another size would fail too, but could not say why.
 *
 * What either has and the other has not is no error here: checkpoints hold what only training needs,
 * and converted ones leave it out. Tracing names a tensor that is missing.
 *
 * @param manifest - under official names
 * @throws VariantError `wrong-weights`
 */
export function checkWeightShapes(
  { name, weightShapes }: Pick<Variant, 'name' | 'weightShapes'>,
  manifest: WeightManifest,
): void {
  for (const [path, shape] of weightShapes?.() ?? []) {
    const info = manifest.get(path);
    if (info !== undefined && info.shape.join() !== shape.join()) {
      throw new VariantError(
        'wrong-weights',
        `tensor "${path}" has shape [${info.shape.join(', ')}], wanted [${shape.join(', ')}] for ${name}; ` +
          'the checkpoint may be of another size of this model',
      );
    }
  }
}

function some(names: readonly string[]): string {
  const more = names.length > SOME ? ', …' : '';
  return names.length === 0 ? 'nothing' : names.slice(0, SOME).join(', ') + more;
}
