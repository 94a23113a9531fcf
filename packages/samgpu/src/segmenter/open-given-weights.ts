import {
  blobSource,
  type ByteSource,
  fetchSource,
  isFolderManifest,
  isShardIndex,
  loadModelFile,
  type LoadModelFileOptions,
  memorySource,
  type ModelFile,
  openLocalWeights,
  openShardedSafetensors,
  openWeightFolder,
  openWeights,
  type OpenWeights,
  parseFolderManifest,
  type WeightFolder,
  type WeightStore,
} from '@samgpu/weights';

/**
 * Weights that the caller brings: a file in Node by its path, an address, a `File` that the user
 * picked, or bytes. Safetensors, a checkpoint of `torch.save`, or a zip archive of one; a path may also
 * be that of a folder, and a path or address that of a `model.safetensors.index.json`. An address may be
 * that of the `manifest.json` which `samgpu convert` writes: then every file is checked by its hash. Or a
 * store that is open already, which stays open.
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
  const address = String(input).replace(/[?#].*$/s, '');
  if (isFolderManifest(address)) {
    return openManifest(input, options);
  }
  if (!isShardIndex(address)) {
    return openSource(await download({ url: input }, options), signal);
  }
  const text = await fetchText(input, signal);
  return openShardedSafetensors(text, (name) => download({ url: new URL(name, input) }, options), {
    ...(signal && { signal }),
  });
}

async function openManifest(
  input: string | URL,
  options: LoadModelFileOptions,
): Promise<OpenWeights> {
  const { signal } = options;
  const listed = parseFolderManifest(await fetchText(input, signal));
  const folder: WeightFolder = {
    name: `the folder of ${String(input)}`,
    async open(name) {
      const file = listed.get(name);
      return file && download({ ...file, url: new URL(name, input) }, options);
    },
  };
  return openWeightFolder(folder, { ...(signal && { signal }) });
}

async function fetchText(input: string | URL, signal?: AbortSignal): Promise<string> {
  const source = await fetchSource(input, { ...(signal && { signal }) });
  return new TextDecoder().decode(await source.read(0, source.size, signal));
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

function download(file: ModelFile, options: LoadModelFileOptions): Promise<ByteSource> {
  // An address that the caller names is meant: no mirror stands for it. What the page holds already
  // need not be stored.
  const isHeld = /^(?:blob|data):/.test(String(file.url));
  return loadModelFile(file, { ...options, baseUrl: false, ...(isHeld && { cache: false }) });
}

// Bundlers turn the package's own URL into an address of the page; a bare string is a path in Node.
function isWebAddress(input: string | URL): boolean {
  return input instanceof URL
    ? input.protocol !== 'file:'
    : /^(https?|blob|data):/.test(input) || typeof process === 'undefined';
}
