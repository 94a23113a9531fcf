import { GraphError, type WeightManifest } from '@samgpu/graph';
import { checkWeightShapes, officialNames, type Variant, VariantError } from '@samgpu/variant';
import { type OpenWeights, renameTensors } from '@samgpu/weights';

import { loadVariant, modelNames } from '../models/registry.ts';
import { traceAll, weightsOf } from './traced-model.ts';
import { WeightsProblem } from './weights-problem.ts';

/** A checkpoint whose model is known. */
export interface RecognisedWeights {
  readonly model: string;
  readonly variant: Variant;
  /** Under their official names. Closing them closes the checkpoint. */
  readonly weights: OpenWeights;
}

interface Candidate extends RecognisedWeights {
  /** Tensors that the model reads. */
  readonly used: number;
}

/**
 * Finds the model that a checkpoint is of, by the names and shapes of its tensors.
 *
 * One model's tensors may contain another's, as those of HQ-SAM do SAM's: the model that reads most of them is
 * taken. Models that are equal but for their values are told apart by the hash of the file.
 *
 * @param hashes - of the checkpoint's files
 * @param model - what the user says that it is; nothing else is tried then
 * @throws WeightsProblem if it is none that comes with the command, or might be several
 * @throws VariantError or GraphError if it is not the model that was named
 */
export async function recogniseModel(
  weights: OpenWeights,
  hashes: readonly string[],
  model?: string,
): Promise<RecognisedWeights> {
  if (model !== undefined) return candidate(weights, model);
  const found: Candidate[] = [];
  for (const name of modelNames) {
    const fitting = await candidate(weights, name).catch((error: unknown) => {
      if (error instanceof VariantError || error instanceof GraphError) return undefined;
      throw error;
    });
    if (fitting !== undefined) found.push(fitting);
  }
  const most = Math.max(...found.map(({ used }) => used));
  const best = found.filter(({ used }) => used === most);
  const pinned = best.filter(({ variant }) => isPinned(variant, hashes));
  const [chosen, ...others] = pinned.length > 0 ? pinned : best;
  if (chosen === undefined) throw unknown(weights.tensors);
  if (others.length > 0) {
    const names = [chosen, ...others].map((one) => one.model).join(', ');
    throw new WeightsProblem(
      'ambiguous-model',
      `these may be weights of ${names}; say which with --model`,
    );
  }
  return chosen;
}

async function candidate(weights: OpenWeights, model: string): Promise<Candidate> {
  const variant = await loadVariant(model);
  const renamed = renameTensors(weights, officialNames(variant, weights.tensors.keys()));
  checkWeightShapes(variant, renamed.tensors);
  const read = traceAll(variant, renamed.tensors).flatMap((graph) => [...weightsOf(graph)]);
  return { model, variant, weights: renamed, used: new Set(read).size };
}

function isPinned({ weights }: Variant, hashes: readonly string[]): boolean {
  return weights.kind === 'file' && weights.sha256 !== undefined && hashes.includes(weights.sha256);
}

function unknown(tensors: WeightManifest): WeightsProblem {
  const some = [...tensors.keys()].slice(0, 3).join(', ');
  return new WeightsProblem(
    'unknown-model',
    `these are weights of no model that is known: got ${tensors.size} tensors` +
      `${some === '' ? '' : ` (${some}, …)`}, wanted those of ${modelNames.join(', ')}; ` +
      'say which model it is with --model to see what is missing',
  );
}
