import { FilesError } from '../files-error.ts';
import { isKeptFileName } from './kept-files.ts';
import { OpenProject, type ProjectState, type SaveTiming, storageError } from './open-project.ts';
import { openStorage, type Storage } from './open-storage.ts';
import { lockedProjects, lockProject, type ProjectLock } from './project-lock.ts';
import { packState } from './saved-state.ts';
import { lastGoodHeader, lastGoodState, newestStates, stateFile } from './state-files.ts';
import type { StorageFolder } from './storage-folder.ts';

/** A project in the list of recent ones. */
export interface RecentProject {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
  readonly objects: number;
  readonly thumbnail: Blob | undefined;
  /** Whether it is open, in this tab or another one. */
  readonly isOpen: boolean;
}

/** A project to begin with. Files that its state refers to come with the first `save`. */
export interface NewProject extends Omit<ProjectState, 'files'> {
  /** The file that the picture was opened from. Written once. */
  readonly picture: Blob;
  /** A small PNG for the list. */
  readonly thumbnail?: Blob;
}

/** A project that was kept, as it was last saved. */
export interface RestoredProject {
  readonly project: OpenProject;
  readonly name: string;
  readonly picture: Blob;
  readonly state: unknown;
  /** What the state refers to. @returns undefined where it was not kept */
  readonly file: (name: string) => Promise<Blob | undefined>;
}

const pictureFile = 'picture';
const thumbnailFile = 'thumbnail';

/**
 * Projects that outlive the page, each in a folder of its own: the picture as it was opened, and its
 * last two states. A state that was cut off while it was written does not count, so there is always a
 * whole one.
 */
export class ProjectStore {
  /** Why projects are gone with the page; undefined where they are kept. */
  readonly notKeptBecause: string | undefined;
  readonly #folder: StorageFolder;
  readonly #timing: SaveTiming;

  /** @param storage - for tests; default: the browser's, by {@link ProjectStore.open} */
  constructor({ folder, notKeptBecause }: Storage, timing: SaveTiming = {}) {
    this.#folder = folder;
    this.notKeptBecause = notKeptBecause;
    this.#timing = timing;
  }

  /** Never fails: where the browser gives no storage, projects live as long as the page. */
  static async open(timing: SaveTiming = {}): Promise<ProjectStore> {
    return new ProjectStore(await openStorage('samgpu-projects'), timing);
  }

  /** Newest first. What never was saved whole is left out. */
  async list(): Promise<RecentProject[]> {
    const open = await lockedProjects();
    const found: RecentProject[] = [];
    for (const id of await this.#folder.folders()) {
      const folder = await this.#folder.folder(id);
      const header = await lastGoodHeader(folder);
      if (header === undefined) continue;
      const { name, savedAt, width, height, objects } = header;
      const thumbnail = await folder.read(thumbnailFile);
      found.push({ id, name, savedAt, width, height, objects, thumbnail, isOpen: open.has(id) });
    }
    return found.sort((a, b) => b.savedAt - a.savedAt);
  }

  /**
   * Begins a project, saved when this resolves.
   *
   * @throws FilesError `no-space` or `storage-failed`; nothing is left then
   */
  async create({ picture, thumbnail, ...state }: NewProject): Promise<OpenProject> {
    const id = crypto.randomUUID();
    const lock = await this.#lock(id);
    try {
      const folder = await this.#folder.folder(id);
      await folder.write(pictureFile, picture);
      if (thumbnail !== undefined) await folder.write(thumbnailFile, thumbnail);
      await folder.write(stateFile(1), packState({ ...state, savedAt: Date.now() }));
      return new OpenProject(id, folder, lock!, 1, this.#timing);
    } catch (cause) {
      await this.#folder.removeFolder(id).catch(() => undefined);
      await lock?.release();
      throw storageError(cause);
    }
  }

  /**
   * Opens a project as it was last saved.
   *
   * @throws FilesError `in-use`, `missing` or `storage-failed`
   */
  async restore(id: string): Promise<RestoredProject> {
    if (!(await this.#folder.folders()).includes(id)) throw missing();
    const lock = await this.#lock(id);
    if (lock === undefined) throw inUse();
    try {
      const folder = await this.#folder.folder(id);
      const saved = await lastGoodState(folder);
      const picture = await folder.read(pictureFile);
      if (saved === undefined || picture === undefined) throw missing();
      const [newest = 0] = await newestStates(folder);
      const { name, state, files = [] } = saved;
      const there = await folder.files();
      const kept = files.filter((file) => isKeptFileName(file) && there.includes(file));
      const project = new OpenProject(id, folder, lock, newest, this.#timing, kept);
      const file = async (name: string): Promise<Blob | undefined> =>
        kept.includes(name) ? folder.read(name) : undefined;
      return { project, name, picture, state, file };
    } catch (cause) {
      await lock.release();
      throw storageError(cause);
    }
  }

  /**
   * Deletes a project for good. One that this tab has open must be abandoned first.
   *
   * @throws FilesError `in-use` or `storage-failed`
   */
  async delete(id: string): Promise<void> {
    const lock = await this.#lock(id);
    if (lock === undefined) throw inUse();
    try {
      await this.#folder.removeFolder(id);
    } catch (cause) {
      throw storageError(cause);
    } finally {
      await lock.release();
    }
  }

  #lock(id: string): Promise<ProjectLock | undefined> {
    return lockProject(id, this.#timing.patience ?? 1500);
  }
}

function missing(): FilesError {
  return new FilesError(
    'missing',
    'There is no such project any more, or nothing whole of it is left. Open the picture again.',
  );
}

function inUse(): FilesError {
  return new FilesError(
    'in-use',
    'The project is open in another tab. Go on there, or close that tab first.',
  );
}
