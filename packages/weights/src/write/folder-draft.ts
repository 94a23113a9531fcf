import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { availableBytes, codeOf, ifPresent } from '../cache/node/folder-error.ts';
import { MANIFEST_NAME, parseFolderManifest } from '../folder-manifest.ts';
import { WeightsError } from '../weights-error.ts';
import { type FileSink, writeTextFile, type WrittenFile } from './file-sink.ts';

export interface FolderDraftOptions {
  /**
   * Replaces a folder that a draft made before, and nothing else: everything in it must be listed in its manifest.
   *
   * @defaultValue false
   */
  readonly replace?: boolean;
}

/**
 * A folder that appears under its name when it is complete, or not at all.
 *
 * Its files are written to a hidden folder beside it, which is renamed in the end. Call `discard` when something goes
 * wrong, and on signals that end the process.
 */
export class FolderDraft {
  /** Where it will be. */
  readonly target: string;
  readonly #draft: string;
  readonly #replace: boolean;

  /** Nothing is looked at or made before {@link begin}, so that cleaning up can be arranged first. */
  constructor(folder: string, { replace = false }: FolderDraftOptions = {}) {
    this.target = resolve(folder);
    this.#draft = join(dirname(this.target), `.${basename(this.target)}-${randomUUID()}`);
    this.#replace = replace;
  }

  /** Begins at once. @throws WeightsError as {@link begin} does */
  static async open(folder: string, options?: FolderDraftOptions): Promise<FolderDraft> {
    const draft = new FolderDraft(folder, options);
    await draft.begin();
    return draft;
  }

  /**
   * Makes sure that nothing is there that may not be replaced, before work that is in vain otherwise.
   *
   * @throws WeightsError `would-overwrite`
   */
  async check(): Promise<void> {
    await expectReplaceable(this.target, this.#replace);
  }

  /**
   * Makes sure that the folder may be written, and begins.
   *
   * @throws WeightsError `would-overwrite` if something is there that may not be replaced, `no-space` or `write-failed`
   */
  async begin(): Promise<void> {
    await this.check();
    // Made without a pause, so that no signal can come between.
    await writing(this.target, async () => mkdirSync(this.#draft, { recursive: true }));
  }

  /** Where files can be written by path until the folder is complete, for what takes no {@link FileSink}. */
  get path(): string {
    return this.#draft;
  }

  /**
   * Looks whether there is room for so many bytes, so that what cannot end well is not begun.
   *
   * @throws WeightsError `no-space`
   */
  async expectSpace(bytes: number): Promise<void> {
    const free = await availableBytes(this.#draft);
    if (free !== undefined && bytes > free) {
      throw new WeightsError(
        'no-space',
        `${this.target} needs ${bytes} bytes, and ${free} are free there; free some, or choose another disk`,
      );
    }
  }

  /** Starts a file. @throws WeightsError `no-space` or `write-failed` */
  async create(name: string): Promise<FileSink> {
    const handle = await writing(join(this.target, name), () =>
      open(join(this.#draft, name), 'wx'),
    );
    return new HandleSink(handle, join(this.target, name));
  }

  /**
   * Writes the manifest, and gives the folder its name.
   *
   * @param manifest - what it says beside the list of files
   * @throws WeightsError as `open` does; then nothing has changed but the draft
   */
  async commit(
    files: readonly WrittenFile[],
    manifest: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const text = `${JSON.stringify({ ...manifest, files }, undefined, 2)}\n`;
    await writeTextFile(MANIFEST_NAME, text, (name) => this.create(name));
    await this.check();
    await writing(this.target, () => this.#takePlace());
  }

  async #takePlace(): Promise<void> {
    const old = `${this.#draft}-${randomUUID()}`;
    // An empty folder is in the way on some systems, a full one on all.
    const isEmpty = await rmdir(this.target).then(
      () => true,
      () => false,
    );
    const isThere =
      !isEmpty && (await ifPresent(rename(this.target, old).then(() => true))) === true;
    try {
      await rename(this.#draft, this.target);
    } catch (error) {
      if (isThere) {
        await rename(old, this.target);
      }
      throw error;
    }
    await rm(old, { recursive: true, force: true });
  }

  /** Removes what was written so far, at once. Does nothing after `commit`. */
  discard(): void {
    rmSync(this.#draft, { recursive: true, force: true, maxRetries: 2 });
  }
}

class HandleSink implements FileSink {
  readonly #handle: FileHandle;
  readonly #path: string;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.byteLength;) {
      // Below Node's limit of 2 GiB for one write.
      const length = Math.min(2 ** 30, bytes.byteLength - offset);
      const { bytesWritten } = await writing(this.#path, () =>
        this.#handle.write(bytes, offset, length),
      );
      offset += bytesWritten;
    }
  }

  async close(): Promise<void> {
    try {
      // After a loss of power a renamed file could otherwise be full of zeros.
      await writing(this.#path, () => this.#handle.sync());
    } finally {
      await this.#handle.close();
    }
  }
}

async function expectReplaceable(target: string, replace: boolean): Promise<void> {
  const entries = await writing(target, () => ifPresent(readdir(target)));
  if (entries === undefined || entries.length === 0) {
    return;
  }
  if (!replace) {
    throw new WeightsError(
      'would-overwrite',
      `${target} is there already; choose another folder, or set the option replace`,
    );
  }
  const listed = new Set([MANIFEST_NAME, ...(await listedFiles(target))]);
  const other = entries.find((name) => !listed.has(name));
  if (other !== undefined) {
    throw new WeightsError(
      'would-overwrite',
      `${join(target, other)} is not listed in ${MANIFEST_NAME} there, so the folder is not replaced; ` +
        'choose another one, or move that file away',
    );
  }
}

/** Names in the manifest of a folder; none where there is no manifest. */
async function listedFiles(folder: string): Promise<readonly string[]> {
  const text = await ifPresent(readFile(join(folder, MANIFEST_NAME), 'utf8'));
  try {
    return [...parseFolderManifest(text ?? '').keys()];
  } catch {
    return [];
  }
}

async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof WeightsError) {
      throw cause;
    }
    const code = codeOf(cause);
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    throw new WeightsError(
      isFull ? 'no-space' : 'write-failed',
      `cannot write ${path}: ${isFull ? 'the disk is full' : cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
