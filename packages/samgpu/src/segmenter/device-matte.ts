import type { Mask, PixelSource } from '@samgpu/mask';
import type { Matte, MatteOptions } from '@samgpu/matte';
import type { WebGpuBackend } from '@samgpu/webgpu';

/** What may befall a device, and does not keep anybody from making a matte without it. */
const HARMLESS: readonly unknown[] = ['device-lost', 'out-of-memory', 'disposed'];

/** A matte made on a device, or by JavaScript where there is none, or where it fails on the way. */
export async function matteOn(
  backend: WebGpuBackend | undefined,
  pixels: PixelSource,
  mask: Mask,
  options: MatteOptions,
): Promise<Matte> {
  // Loaded with the first matte: most pages make none.
  const { matte } = await import('@samgpu/matte');
  if (backend === undefined) return matte(pixels, mask, options);
  try {
    return await matte(pixels, mask, { device: backend.mattes, ...options });
  } catch (error) {
    const isHarmless = error instanceof Error && 'code' in error && HARMLESS.includes(error.code);
    if (!isHarmless || options.device !== undefined) throw error;
    return matte(pixels, mask, options);
  }
}
