import { readFile } from 'node:fs/promises';

import { errorDetails, systemCode } from '../error-details.ts';
import { UsageError } from '../usage-error.ts';

/** What a prompts file holds, as JSON. @throws UsageError */
export async function readPromptsJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const code = systemCode(cause) ?? String(cause);
    throw new UsageError(`The prompts file ${path} cannot be read (${code}).`, { cause });
  }
  try {
    return JSON.parse(text.replace(/^\u{FEFF}/u, ''));
  } catch (cause) {
    throw new UsageError(
      `The prompts file ${path} is no valid JSON: ${errorDetails(cause).message}.`,
      { cause },
    );
  }
}
