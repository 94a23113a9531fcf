import type { WeightFile } from '@samgpu/variant';
import {
  blobSource,
  type ByteSource,
  fetchSource,
  memorySource,
  openFileSource,
  openSafetensors,
  type OpenWeights,
} from '@samgpu/weights';

import type { ProgressListener } from './progress.ts';

/** Weights to use instead of the variant's own: a path in Node, a URL, a file, or its bytes. */
export type WeightInput = string | URL | Blob | Uint8Array;

export interface OpenWeightsOptions {
  readonly weights?: WeightInput | undefined;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the weights of a variant and checks their hash; weights of the user's own are taken as
 * they are.
 */
export async function openWeights(
  file: WeightFile,
  { weights, onProgress, signal }: OpenWeightsOptions,
): Promise<OpenWeights> {
  const source = await sourceOf(weights ?? file.url, file, onProgress, signal);
  try {
    return await openSafetensors(source, {
      ...(weights === undefined ? { sha256: file.sha256 } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

function sourceOf(
  input: WeightInput,
  file: WeightFile,
  onProgress: ProgressListener | undefined,
  signal: AbortSignal | undefined,
): ByteSource | Promise<ByteSource> {
  if (input instanceof Uint8Array) {
    return memorySource(input);
  }
  if (input instanceof Blob) {
    return blobSource(input);
  }
  if (isWebAddress(input)) {
    return fetchSource(input, {
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ loaded, total }) =>
        onProgress?.({ stage: 'weights', loaded, total: total ?? file.bytes }),
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
