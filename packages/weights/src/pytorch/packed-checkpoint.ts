import type { ByteSource } from '../byte-source.ts';
import { quote, WeightsError } from '../weights-error.ts';
import { openZipEntry } from './zip-content.ts';
import { readZipDirectory } from './zip-directory.ts';

const CHECKPOINT = /\.(?:pth?|safetensors|bin|ckpt)$/;
/** What macOS packs beside every file. */
const RESOURCE_FORK = /(?:^|\/)\._[^/]*$/;

/**
 * The checkpoint in a zip archive that someone packed it into, such as `model.pt.zip`.
 *
 * @returns undefined if the archive is itself a checkpoint of `torch.save`, or holds none
 * @throws WeightsError with code `format` if it holds several
 */
export async function openPackedCheckpoint(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<ByteSource | undefined> {
  const { entries } = await readZipDirectory(source, signal);
  const names = [...entries.keys()];
  if (names.some((name) => /^[^/]+\/data\.pkl$/.test(name))) {
    return undefined;
  }
  const packed = names.filter((name) => CHECKPOINT.test(name) && !RESOURCE_FORK.test(name));
  const [only] = packed;
  if (packed.length > 1) {
    throw new WeightsError(
      'format',
      `the zip archive holds ${packed.length} checkpoints (${packed.slice(0, 3).map(quote).join(', ')}), ` +
        'expected one. Unpack the one that you want',
    );
  }
  return only === undefined ? undefined : openZipEntry(source, entries.get(only)!, signal);
}
