import type { Variant } from '@samgpu/variant';
import { loadModelFile, openModelCache, WeightsError } from '@samgpu/weights';

/**
 * Keeps a file that the user chose, as if it had been loaded from a server, so that it is there the
 * next time. Only the very file that is published can be: it is known by its hash.
 *
 * @returns whether it was kept; if not, it can still be used while the page is open
 */
export async function storeFile({ weights }: Variant, file: File): Promise<boolean> {
  if (weights.kind !== 'file') return false;
  const { sha256, md5, gitBlob } = weights;
  if ((sha256 ?? md5 ?? gitBlob) === undefined) return false;
  const cache = await openModelCache();
  // What is kept in this page's memory the engine's worker would not see.
  if (cache.kind === 'memory') return false;
  const { kind: _, ...pinned } = weights;
  try {
    const source = await loadModelFile(pinned, {
      cache,
      baseUrl: false,
      fetch: () => Promise.resolve(new Response(file)),
      retry: { limit: 0 },
    });
    await source.close?.();
    return true;
  } catch (error) {
    // Another format of the same weights, or no room for it.
    if (error instanceof WeightsError) return false;
    throw error;
  }
}
