import { checkWeightShapes, officialNames, type Variant, type WeightFile } from '@samgpu/variant';
import {
  blobSource,
  type ByteSource,
  fetchSource,
  loadModelFile,
  type LoadModelFileOptions,
  memorySource,
  openFileSource,
  openWeights,
  type OpenWeights,
  renameTensors,
} from '@samgpu/weights';

import type { ProgressListener } from './progress.ts';
import { SegmenterError } from './segmenter-error.ts';

/** Weights to use instead of the variant's own: a path in Node, a URL, a file, or its bytes. */
export type WeightInput = string | URL | Blob | Uint8Array;

export interface VariantWeightsOptions extends Pick<
  LoadModelFileOptions,
  'cache' | 'baseUrl' | 'verify' | 'onWarning' | 'fetch' | 'retry'
> {
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

/**
 * Says what is missing where a variant's weights have to be brought and were not.
 *
 * @throws SegmenterError `weights-needed`
 */
export function requireWeights({ title, weights }: Variant, given: WeightInput | undefined): void {
  if (weights.kind === 'brought' && given === undefined) {
    throw new SegmenterError(
      'weights-needed',
      `the weights of ${title} are not downloaded, because ${weights.reason}. ` +
        `If its terms fit what you do, get ${weights.files.join(' or ')} from ${weights.from.href} ` +
        'and pass the file as the option weights',
    );
  }
}

async function openStored(variant: Variant, options: VariantWeightsOptions): Promise<OpenWeights> {
  const { weights, signal } = options;
  requireWeights(variant, weights);
  const own = variant.weights as WeightFile;
  const isOwn = weights === undefined;
  const source = await (isOwn ? ownSource(own, options) : givenSource(weights, options));
  // What was checked need not be hashed once more to be told from other weights.
  const fingerprint = isOwn && own.sha256 !== undefined ? `sha256:${own.sha256}` : undefined;
  try {
    return await openWeights(source, {
      ...(fingerprint !== undefined && { fingerprint }),
      ...(signal && { signal }),
    });
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

function ownSource(
  { kind: _, ...file }: WeightFile,
  { weights: _weights, signal, onProgress, ...options }: VariantWeightsOptions,
): Promise<ByteSource> {
  // A file that travels in its package is not looked for anywhere else.
  const isLocal = file.url.protocol === 'file:';
  return loadModelFile(file, {
    ...options,
    ...(isLocal && { baseUrl: false, cache: false }),
    ...(signal && { signal }),
    onProgress: (progress) => onProgress?.({ stage: 'weights', ...progress }),
  });
}

function givenSource(
  input: WeightInput,
  { onProgress, signal }: VariantWeightsOptions,
): ByteSource | Promise<ByteSource> {
  if (input instanceof Uint8Array) {
    return memorySource(input);
  }
  if (input instanceof Blob) {
    return blobSource(input);
  }
  if (isWebAddress(input)) {
    return fetchSource(input, {
      ...(signal && { signal }),
      onProgress: ({ loaded, total }) => onProgress?.({ stage: 'weights', loaded, total }),
    });
  }
  return openFileSource(input);
}

// Bundlers turn the package's own URL into an address of the page; a bare string is a path in Node.
function isWebAddress(input: string | URL): boolean {
  return input instanceof URL
    ? input.protocol !== 'file:'
    : /^(https?|blob|data):/.test(input) || typeof process === 'undefined';
}
