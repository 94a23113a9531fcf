import type { OpenProject, ProjectState, SaveStatus } from '../files/store/open-project.ts';
import {
  ProjectStore,
  type RecentProject,
  type RestoredProject,
} from '../files/store/project-store.ts';
import { sayProblem } from './notices.ts';
import { type Picture, thumbnailOf } from './picture.ts';
import { Store } from './store.ts';

/** Tells this tab, after a reload, what it had open. */
const KEY = 'samgpu-studio-open';

/** Keeps the project that is open as it is worked on, and those before it. */
export class Autosave {
  readonly status = new Store<SaveStatus | null>(null);
  /** Why nothing is kept; undefined where it is. */
  readonly notKeptBecause = new Store<string | undefined>(undefined);
  readonly recent = new Store<readonly RecentProject[]>([]);
  readonly #store: Promise<ProjectStore>;
  #project: OpenProject | null = null;
  #beginning: Promise<void> = Promise.resolve();

  constructor() {
    this.#store = ProjectStore.open();
    void this.#store.then(({ notKeptBecause }) => this.notKeptBecause.set(notKeptBecause));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void this.#project?.flush();
    });
    addEventListener('pagehide', () => void this.#project?.flush());
  }

  /** Begins to keep a picture that was just opened. */
  begin(picture: Picture, stateNow: () => ProjectState): Promise<void> {
    // One after the other: the one before may still be on its way.
    this.#beginning = this.#beginning.then(() => this.#begin(picture, stateNow));
    return this.#beginning;
  }

  /** Something changed. */
  changed(stateNow: () => ProjectState): void {
    this.#project?.save(stateNow);
  }

  /** What this tab had open before it was loaded again. */
  lastOpen(): string | undefined {
    try {
      return sessionStorage.getItem(KEY) ?? undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws FilesError */
  async restore(id: string): Promise<RestoredProject> {
    await this.close();
    return (await this.#store).restore(id);
  }

  /** Goes on with a restored project. */
  continueWith(project: OpenProject): void {
    this.#watch(project);
  }

  /** Saves what is open, and lets it go. */
  async close(): Promise<void> {
    await this.#beginning;
    const project = this.#project;
    this.#project = null;
    this.status.set(null);
    remember(undefined);
    await project?.close();
  }

  async list(): Promise<void> {
    try {
      this.recent.set(await (await this.#store).list());
    } catch (error) {
      sayProblem('Earlier pictures could not be listed', error);
    }
  }

  async delete(id: string): Promise<void> {
    try {
      await (await this.#store).delete(id);
    } catch (error) {
      sayProblem('It could not be deleted', error);
    }
    await this.list();
  }

  async #begin(picture: Picture, stateNow: () => ProjectState): Promise<void> {
    await this.#project?.close();
    this.#project = null;
    try {
      const store = await this.#store;
      const thumbnail = await thumbnailOf(picture);
      const { files = [], ...state } = stateNow();
      const project = await store.create({ picture: picture.file, thumbnail, ...state });
      this.#watch(project);
      if (files.length > 0) project.save(stateNow);
    } catch (error) {
      sayProblem('This picture is not kept when the page is closed', error);
    }
  }

  #watch(project: OpenProject): void {
    this.#project = project;
    this.status.set(project.status);
    remember(project.id);
    project.subscribe((status) => {
      if (this.#project === project) this.status.set(status);
    });
  }
}

function remember(id: string | undefined): void {
  try {
    if (id === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, id);
  } catch {
    // Then a reload begins at the start; the picture is in the list there.
  }
}
