import type { ByteSource } from './byte-source.ts';
import { verifyContent } from './digest.ts';
import type { PyTorchOptions } from './pytorch/open-pytorch.ts';
import { openSafetensors, type SafetensorsOptions } from './safetensors.ts';
import { sniffFormat } from './sniff-format.ts';
import type { OpenWeights } from './weight-store.ts';

/** Those of {@link PyTorchOptions} alone have no effect on a safetensors file. */
export type OpenWeightsOptions = SafetensorsOptions & PyTorchOptions;

/**
 * Opens weights in whichever format they are: safetensors, or a checkpoint of `torch.save`, also where one of these was
 * packed into a zip archive. Hashes are those of the whole archive then.
 *
 * The store takes over the source: closing one closes the other. If this throws, the caller still owns the source.
 *
 * @throws WeightsError with code `format` if the content is neither, such as a server's error page, and what
 *   {@link openSafetensors} and {@link openPyTorch} throw
 */
export async function openWeights(
  source: ByteSource,
  options: OpenWeightsOptions = {},
): Promise<OpenWeights> {
  const { sha256, digest, ...rest } = options;
  const { signal } = options;
  if ((await sniffFormat(source, signal)) !== 'zip') {
    return openUnpacked(source, options);
  }
  const { openPackedCheckpoint } = await import('./pytorch/packed-checkpoint.ts');
  const packed = await openPackedCheckpoint(source, signal);
  if (packed === undefined) {
    return openUnpacked(source, options);
  }
  const pins = { ...(sha256 !== undefined && { sha256 }), ...(digest !== undefined && { digest }) };
  const verified = await verifyContent(source, pins, () => Promise.resolve(), signal);
  return openUnpacked(packed, {
    ...(verified !== undefined && { fingerprint: `sha256:${verified}` }),
    ...rest,
  });
}

async function openUnpacked(source: ByteSource, options: OpenWeightsOptions): Promise<OpenWeights> {
  if ((await sniffFormat(source, options.signal)) === 'safetensors') {
    return openSafetensors(source, options);
  }
  // Web applications load the reader of checkpoints when there is one to read.
  const { openPyTorch } = await import('./pytorch/open-pytorch.ts');
  return openPyTorch(source, options);
}
