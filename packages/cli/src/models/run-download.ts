import { openModelCache } from '@samgpu/weights';

import { type ExitCode, exitCodes } from '../exit-code.ts';
import { LoadProgress } from '../terminal/load-progress.ts';
import { onExit } from '../terminal/on-exit.ts';
import { bytesText } from '../terminal/words.ts';
import { placeOf } from './cached-model.ts';
import { loadVariant, requireModelName } from './registry.ts';

/** `samgpu models download`: everything is checked as when a model is loaded, but nothing is compiled. */
export async function runDownload(names: readonly string[]): Promise<ExitCode> {
  for (const name of names) requireModelName(name);
  const { openVariantWeights } = await import('samgpu');
  const cache = await openModelCache();
  for (const name of names) {
    const variant = await loadVariant(name);
    const progress = new LoadProgress(process.stderr, name);
    const release = onExit(() => progress.close());
    try {
      const weights = await openVariantWeights(variant, {
        cache,
        onProgress: progress.update,
        onWarning: ({ message }) => progress.warn(message),
      });
      await weights.close();
    } finally {
      progress.close();
      release();
    }
    const { state, bytes = 0 } = placeOf(variant, await cache.list());
    const where =
      state === 'cached'
        ? `${bytesText(bytes)} in ${cache.location}`
        : state === 'package'
          ? 'comes with samgpu, nothing to download'
          : 'used where it lies, nothing to download';
    process.stdout.write(`${name}: ${where}\n`);
  }
  return exitCodes.success;
}
