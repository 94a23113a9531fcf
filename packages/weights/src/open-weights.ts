import type { ByteSource } from './byte-source.ts';
import { openPyTorch, type PyTorchOptions } from './pytorch/open-pytorch.ts';
import { openSafetensors, type SafetensorsOptions } from './safetensors.ts';
import { sniffFormat } from './sniff-format.ts';
import type { OpenWeights } from './weight-store.ts';

/** Those of {@link PyTorchOptions} alone have no effect on a safetensors file. */
export type OpenWeightsOptions = SafetensorsOptions & PyTorchOptions;

/**
 * Opens weights in whichever format they are: safetensors, or a checkpoint of `torch.save`.
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
  const format = await sniffFormat(source, options.signal);
  return format === 'safetensors' ? openSafetensors(source, options) : openPyTorch(source, options);
}
