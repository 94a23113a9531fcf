import {
  blobSource,
  type ByteSource,
  fetchSource,
  isShardIndex,
  loadModelFile,
  type LoadModelFileOptions,
  memorySource,
  openLocalWeights,
  openShardedSafetensors,
  openWeights,
  type OpenWeights,
  type WeightStore,
} from '@samgpu/weights';

/**
 * Weights that the caller brings: a file in Node by its path, an address, a `File` that the user
 * picked, or bytes. Safetensors, a checkpoint of `torch.save`, or a zip archive of one; a path may also
 * be that of a folder, and a path or address that of a `model.safetensors.index.json`. Or a store that is
 * open already, which stays open.
 */
export type WeightInput = string | URL | Blob | Uint8Array | WeightStore;

/** Opens what the caller brings. What has an address is downloaded and kept like a model's own file. */
export async function openGivenWeights(
  input: WeightInput,
  options: LoadModelFileOptions,
): Promise<OpenWeights> {
  const { signal } = options;
  if (input instanceof Uint8Array) {
    return openSource(memorySource(input), signal);
  }
  if (input instanceof Blob) {
    return openSource(blobSource(input), signal);
  }
  if (typeof input === 'object' && 'tensors' in input) {
    return lentStore(input);
  }
  if (!isWebAddress(input)) {
    const place = typeof input === 'string' && input.startsWith('file:') ? new URL(input) : input;
    return openLocalWeights(place, { ...(signal && { signal }) });
  }
  if (!isShardIndex(String(input).replace(/[?#].*$/s, ''))) {
    return openSource(await download(input, options), signal);
  }
  const index = await fetchSource(input, { ...(signal && { signal }) });
  const text = new TextDecoder().decode(await index.read(0, index.size, signal));
  return openShardedSafetensors(text, (name) => download(new URL(name, input), options), {
    ...(signal && { signal }),
  });
}

/** The caller closes it. */
function lentStore(store: WeightStore): OpenWeights {
  return {
    metadata: new Map(),
    tensors: store.tensors,
    fingerprint: store.fingerprint,
    read: (path, signal) => store.read(path, signal),
    filePlace: (path) => store.filePlace?.(path),
    async *readChunks(path, options) {
      yield await store.read(path, options?.signal);
    },
    close: () => Promise.resolve(),
  };
}

async function openSource(source: ByteSource, signal?: AbortSignal): Promise<OpenWeights> {
  try {
    return await openWeights(source, { ...(signal && { signal }) });
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

function download(input: string | URL, options: LoadModelFileOptions): Promise<ByteSource> {
  // An address that the caller names is meant: no mirror stands for it. What the page holds already
  // need not be stored.
  const isHeld = /^(?:blob|data):/.test(String(input));
  return loadModelFile(
    { url: input },
    { ...options, baseUrl: false, ...(isHeld && { cache: false }) },
  );
}

// Bundlers turn the package's own URL into an address of the page; a bare string is a path in Node.
function isWebAddress(input: string | URL): boolean {
  return input instanceof URL
    ? input.protocol !== 'file:'
    : /^(https?|blob|data):/.test(input) || typeof process === 'undefined';
}
