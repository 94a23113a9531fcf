import { type ByteSource, fetchSource, memorySource, openFileSource } from '@samgpu/weights';

/** Reads a file of ours by its URL: from disk in Node, over the network in a page. */
export async function readAsset(url: URL): Promise<ByteSource> {
  if (url.protocol !== 'file:') {
    return fetchSource(url);
  }
  const file = await openFileSource(url);
  try {
    return memorySource(await file.read(0, file.size));
  } finally {
    await file.close?.();
  }
}

export async function readText(url: URL): Promise<string> {
  const source = await readAsset(url);
  return new TextDecoder().decode(await source.read(0, source.size));
}
