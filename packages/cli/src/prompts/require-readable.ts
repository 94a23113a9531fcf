import { access, constants } from 'node:fs/promises';

import { errorDetails, systemCode } from '../error-details.ts';
import { UsageError } from '../usage-error.ts';

/** @throws UsageError for a mask that is not there, or may not be read */
export async function requireReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    const code = systemCode(cause) ?? errorDetails(cause).message;
    throw new UsageError(`The mask ${path} cannot be read (${code}).`, { cause });
  }
}
