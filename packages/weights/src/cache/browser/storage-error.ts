import { WeightsError } from '../../weights-error.ts';

/** The typed error for what the browser's storage says. */
export async function storageError(
  cause: unknown,
  location: string,
  missingBytes?: number,
): Promise<WeightsError> {
  if (cause instanceof WeightsError) {
    return cause;
  }
  if (cause instanceof Error && cause.name === 'QuotaExceededError') {
    const needed = missingBytes === undefined ? 'an unknown number of' : String(missingBytes);
    return new WeightsError(
      'no-space',
      `the model cache in ${location} needs ${needed} more bytes, but the browser leaves ` +
        `${await availableBytes(missingBytes)} to this site. Free some with clear(), or ask the user for persistent storage`,
      { cause },
    );
  }
  return new WeightsError(
    'cache-failed',
    `cannot use the model cache in ${location}: ${cause instanceof Error ? cause.message : String(cause)}. ` +
      "Pass cache: 'memory' to do without",
    { cause },
  );
}

async function availableBytes(missingBytes = Infinity): Promise<string> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    const available = Math.max(0, quota! - usage!);
    // Browsers that hide the size of the disk say 10 GiB whatever there is.
    return available < missingBytes ? String(available) : 'fewer';
  } catch {
    return 'fewer';
  }
}
