import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { systemCode } from '../error-details.ts';
import { isOutputName } from '../outputs/output-format.ts';
import { InputError } from './input-error.ts';
import type { Picture } from './picture.ts';

const extensions = ['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.gif'];

export interface ListOptions {
  readonly recursive: boolean;
  /** Where outputs go. What was written there earlier is not read back. */
  readonly outputFolder: string;
}

/**
 * The image files of a folder, by their extensions, sorted by name. Hidden ones are left out.
 *
 * @throws InputError `no-pictures` or `unreadable`
 */
export async function listFolder(folder: string, options: ListOptions): Promise<Picture[]> {
  const output = await realpath(options.outputFolder).catch(() => undefined);
  const pictures = await listPictures(folder, '', options.recursive, output);
  if (pictures.length === 0) {
    const deeper = options.recursive ? ' or below it' : '; add --recursive to look below it';
    throw new InputError(
      'no-pictures',
      `The folder ${folder} holds no pictures: no ${extensions.join(', ')} files are in it${deeper}.`,
    );
  }
  return pictures;
}

async function listPictures(
  folder: string,
  subfolder: string,
  recursive: boolean,
  output: string | undefined,
): Promise<Picture[]> {
  const isOutput = (await realpath(folder).catch(() => undefined)) === output;
  if (isOutput && subfolder !== '') return [];
  const pictures: Picture[] = [];
  const folders: string[] = [];
  for (const entry of await readEntries(folder)) {
    const { name } = entry;
    if (name.startsWith('.') || (isOutput && isOutputName(name))) continue;
    if (entry.isDirectory()) folders.push(name);
    else if (extensions.includes(extname(name).toLowerCase())) {
      pictures.push({ file: join(folder, name), subfolder });
    }
  }
  if (recursive) {
    for (const name of folders) {
      const below = await listPictures(join(folder, name), join(subfolder, name), true, output);
      pictures.push(...below);
    }
  }
  return pictures;
}

async function readEntries(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // Numbers by their value, so that frame10 follows frame9.
    const { compare } = new Intl.Collator('en', { numeric: true });
    return entries.sort((a, b) => compare(a.name, b.name));
  } catch (cause) {
    const code = systemCode(cause) ?? String(cause);
    throw new InputError('unreadable', `The folder ${folder} cannot be listed (${code}).`, {
      cause,
    });
  }
}
