import { checkWeightShapes, officialNames, type Variant, type WeightFile } from '@samgpu/variant';
import {
  loadModelFile,
  type LoadModelFileOptions,
  openWeights,
  type OpenWeights,
  renameTensors,
} from '@samgpu/weights';

import { openGivenWeights, type WeightInput } from './open-given-weights.ts';
import type { ProgressListener } from './progress.ts';
import { requireWeights } from './require-weights.ts';

/** What `loadModelFile` takes, but for what is reported. */
type FileOptions = Omit<LoadModelFileOptions, 'onProgress' | 'signal'>;

export interface VariantWeightsOptions extends FileOptions {
  /**
   * Weights of your own instead of the variant's, or those that it asks you to bring. Their hash is not
   * checked, but names and shapes of their tensors are.
   */
  readonly weights?: WeightInput | undefined;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the weights of a variant under their official names.
 *
 * Its own are downloaded where they are not in the cache. Files may be safetensors or checkpoints of
 * `torch.save`, with official names or those of another naming that the variant knows.
 *
 * @throws SegmenterError `weights-needed` where the user has to bring them
 * @throws WeightsError for weights that cannot be loaded or read
 * @throws VariantError for weights that are not those of the model
 */
export async function openVariantWeights(
  variant: Variant,
  options: VariantWeightsOptions = {},
): Promise<OpenWeights> {
  const stored = await openStored(variant, options);
  try {
    const renamed = renameTensors(stored, officialNames(variant, stored.tensors.keys()));
    checkWeightShapes(variant, renamed.tensors);
    return renamed;
  } catch (error) {
    await stored.close();
    throw error;
  }
}

function openStored(variant: Variant, options: VariantWeightsOptions): Promise<OpenWeights> {
  const { weights, signal, onProgress, ...rest } = options;
  requireWeights(variant, weights);
  const fileOptions: LoadModelFileOptions = {
    ...rest,
    ...(signal && { signal }),
    onProgress: (progress) => onProgress?.({ stage: 'weights', ...progress }),
  };
  return weights === undefined
    ? openOwn(variant.weights as WeightFile, fileOptions)
    : openGivenWeights(weights, fileOptions);
}

async function openOwn(
  { kind: _, ...file }: WeightFile,
  options: LoadModelFileOptions,
): Promise<OpenWeights> {
  // A file that travels in its package is not looked for anywhere else.
  const isLocal = file.url.protocol === 'file:';
  const source = await loadModelFile(file, {
    ...options,
    ...(isLocal && { baseUrl: false, cache: false }),
  });
  const { sha256 } = file;
  const { signal } = options;
  try {
    return await openWeights(source, {
      // What was checked need not be hashed once more to be told from other weights.
      ...(sha256 !== undefined && { fingerprint: `sha256:${sha256}` }),
      ...(signal && { signal }),
    });
  } catch (error) {
    await source.close?.();
    throw error;
  }
}
