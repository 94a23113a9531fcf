import type { VideoSession, VideoSessionState } from '@samgpu/session';

import { openStorage } from '../files/store/open-storage.ts';
import type { StorageFolder } from '../files/store/storage-folder.ts';
import type { VideoFile } from './video-file.ts';

/** Milliseconds after the last change. */
const QUIET = 1200;
/** Videos whose work is kept. */
const KEPT = 30;

/**
 * Keeps what was said and found in a video, for when the same file is opened again. The video itself
 * stays where it is.
 */
export class Autosave {
  readonly #folder: StorageFolder;
  readonly #file: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #working: Promise<void> = Promise.resolve();
  #saved: readonly unknown[] = [];

  private constructor(folder: StorageFolder, file: string) {
    this.#folder = folder;
    this.#file = file;
  }

  static async open(file: VideoFile): Promise<Autosave> {
    const { folder } = await openStorage('samgpu-videos');
    return new Autosave(folder, await keyOf(file));
  }

  /** What was kept of this video; undefined where nothing was, or nothing can be read. */
  async read(): Promise<VideoSessionState | undefined> {
    try {
      const blob = await this.#folder.read(this.#file);
      return blob && (JSON.parse(await blob.text()) as VideoSessionState);
    } catch {
      return undefined;
    }
  }

  /** Saves soon, if there is something new. */
  watch(session: VideoSession): void {
    const { objects, range, resultVersion, video, following } = session.snapshot;
    if (video === null || following !== null) return;
    const now = [objects, range, resultVersion];
    if (now.every((one, i) => one === this.#saved[i])) return;
    const isFirst = this.#saved.length === 0;
    this.#saved = now;
    if (isFirst) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(session.save()), QUIET);
  }

  /** Saves what is not saved yet. */
  flush(session: VideoSession): void {
    if (this.#timer === undefined || session.snapshot.video === null) return;
    clearTimeout(this.#timer);
    void this.#save(session.save());
  }

  async #save(state: VideoSessionState): Promise<void> {
    this.#timer = undefined;
    this.#working = this.#working.then(async () => {
      try {
        const isEmpty = state.objects.length === 0;
        if (isEmpty) await this.#folder.remove(this.#file);
        else await this.#folder.write(this.#file, new Blob([JSON.stringify(state)]));
        await this.#forgetOld();
      } catch {
        // No room, or no storage here: the export keeps what matters.
      }
    });
    await this.#working;
  }

  async #forgetOld(): Promise<void> {
    const names = await this.#folder.files();
    if (names.length <= KEPT) return;
    const dated = await Promise.all(
      names.map(async (name) => {
        const blob = await this.#folder.read(name);
        return { name, time: blob instanceof File ? blob.lastModified : 0 };
      }),
    );
    dated.sort((a, b) => b.time - a.time);
    for (const { name } of dated.slice(KEPT)) await this.#folder.remove(name);
  }
}

/** The same file has the same key, wherever it lies. */
async function keyOf({ name, input }: VideoFile): Promise<string> {
  const facts =
    input instanceof File
      ? [name, input.size, input.lastModified]
      : input instanceof FileList
        ? [name, ...Array.from(input, ({ name, size }) => `${name} ${size}`)]
        : [name];
  const bytes = new TextEncoder().encode(JSON.stringify(facts));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const text = Array.from(hash.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0'));
  return `${text.join('')}.json`;
}
