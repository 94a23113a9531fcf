import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { errorDetails, systemCode } from '../error-details.ts';
import { OutputError } from './output-error.ts';

/**
 * A folder in which files appear only when they are complete.
 *
 * Each file is first written in a hidden folder inside of it, on the same file system, and then
 * renamed. Whatever ends the process, no half file has a name that someone would open.
 */
export class OutputFolder {
  readonly path: string;
  readonly #temporary: string;
  readonly #pictures: ReadonlySet<string>;
  readonly #written = new Set<string>();
  #count = 0;

  private constructor(path: string, temporary: string, pictures: ReadonlySet<string>) {
    this.path = path;
    this.#temporary = temporary;
    this.#pictures = pictures;
  }

  /**
   * Makes the folder where it is missing, and makes sure that it can be written to.
   *
   * @param pictures - files that are never written over
   * @throws OutputError `not-writable`
   */
  static async open(path: string, pictures: readonly string[]): Promise<OutputFolder> {
    try {
      await mkdir(path, { recursive: true });
      const temporary = await mkdtemp(join(path, '.samgpu-'));
      return new OutputFolder(path, temporary, await identities(pictures));
    } catch (cause) {
      const code = systemCode(cause) ?? errorDetails(cause).message;
      throw new OutputError(
        'not-writable',
        `The output folder ${path} cannot be written to (${code}${explain(code)}); ` +
          'choose another one with --output.',
        { cause },
      );
    }
  }

  /**
   * Writes one file, or leaves the folder as it was.
   *
   * @param name - from the folder; folders in it are made
   * @param write - writes the whole file to the path that it is given
   * @returns the path of the file
   * @throws OutputError
   */
  async write(name: string, write: (path: string) => Promise<unknown>): Promise<string> {
    const path = join(this.path, name);
    await this.#refuseOverwriting(path);
    this.#count += 1;
    const temporary = join(this.#temporary, String(this.#count));
    try {
      await write(temporary);
      await mkdir(dirname(path), { recursive: true });
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw new OutputError(
        'write-failed',
        `${path} cannot be written: ${errorDetails(cause).message}.`,
        { cause },
      );
    }
    return path;
  }

  /** Removes what is unfinished, at once: for the end of the process, too. */
  close(): void {
    rmSync(this.#temporary, { recursive: true, force: true, maxRetries: 2 });
  }

  async #refuseOverwriting(path: string): Promise<void> {
    if (this.#written.has(path)) {
      throw new OutputError(
        'would-overwrite',
        `${path} was written for another picture; rename one of the two, or give them separately.`,
      );
    }
    this.#written.add(path);
    const identity = await identityOf(path);
    if (identity !== undefined && this.#pictures.has(identity)) {
      throw new OutputError(
        'would-overwrite',
        `${path} is one of the pictures, which are never written over; choose another --output.`,
      );
    }
  }
}

function explain(code: string): string {
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return ': a file is in the way';
    case 'EACCES':
    case 'EPERM':
      return ': no permission';
    case 'EROFS':
      return ': the file system is read-only';
    case 'ENOSPC':
      return ': the disk is full';
    default:
      return '';
  }
}

async function identities(paths: readonly string[]): Promise<Set<string>> {
  const found = await Promise.all(paths.map(identityOf));
  return new Set(found.filter((identity) => identity !== undefined));
}

/** What a file is, under whichever name. */
async function identityOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}
