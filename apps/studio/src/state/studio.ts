import type { Engine, MatteRequest, ModelChoice, Session, SessionState } from '@samgpu/session';
import type { BackendChoice, PixelImage } from 'samgpu';

import { startEngine } from '../engine/start-engine.ts';
import type { OpenedFile } from '../files/read-file.ts';
import { openableEndings } from '../files/openable-endings.ts';
import type { ProjectState } from '../files/store/open-project.ts';
import type { Background } from '../files/studio-document.ts';
import type { Sample } from '../start/samples.ts';
import { videoAmong, videoEndings, type VideoFile } from '../video/video-file.ts';
import { Autosave } from './autosave.ts';
import { BackgroundFiles } from './background-files.ts';
import { Interface } from './interface.ts';
import { LiveSession } from './live-session.ts';
import { measured, MeasureStore } from './measures.ts';
import { say, sayProblem } from './notices.ts';
import { makePicture, type Picture } from './picture.ts';
import { type SavedBackground, savedWork } from './saved-work.ts';
import type { SettingsStore } from './settings.ts';
import { Store } from './store.ts';

/** Everything behind the user interface: the picture that is open, its session, and what is kept. */
export class Studio {
  readonly settings: SettingsStore;
  readonly measures = new MeasureStore();
  readonly interface = new Interface();
  readonly autosave = new Autosave();
  readonly engine: Engine;
  readonly picture = new Store<Picture | null>(null);
  /** In place of a picture. */
  readonly video = new Store<VideoFile | null>(null);
  readonly background = new Store<Background>({ kind: 'original' });
  readonly #live: LiveSession;
  readonly #backgroundFiles = new BackgroundFiles();
  #opening = 0;
  /** Settles when a model is on its way. */
  #modelAsked: Promise<unknown> = Promise.resolve();

  constructor(settings: SettingsStore) {
    this.settings = settings;
    this.engine = measured(startEngine(settings.get()), this.measures);
    this.#live = new LiveSession(this.engine);
    this.#live.subscribe(() => this.#saveSoon());
    this.background.subscribe(() => this.#saveSoon());
  }

  /** Of the picture that is open; another one after another was opened. */
  get session(): Session {
    return this.#live.session;
  }

  /** Watches the session, whichever it is. */
  get subscribe(): (listener: () => void) => () => void {
    return this.#live.subscribe;
  }

  /** Loads the model of the settings, so that it is ready when a picture is. */
  async start({ fresh = false }: { readonly fresh?: boolean } = {}): Promise<void> {
    // Asked now: what somebody opens until the engine is there becomes the last one, too.
    const last = fresh ? undefined : this.autosave.lastOpen();
    const asking = this.#askForModel();
    this.#modelAsked = asking.catch(() => undefined);
    const { loading } = await asking;
    if (last !== undefined && this.#opening === 0) await this.openRecent(last);
    await Promise.all([loading, this.autosave.list()]);
  }

  /** Begins to load the model of the settings, once the engine has said which ones there are. */
  async #askForModel(): Promise<{ readonly loading: Promise<boolean> }> {
    const { model } = this.settings.get();
    const models = await this.engine.models();
    const isKnown = models.some(({ name }) => name === model);
    return { loading: this.load({ name: isKnown ? model : 'nano' }) };
  }

  /** @returns whether it is ready */
  async load(choice: ModelChoice): Promise<boolean> {
    const { backend } = this.settings.get();
    try {
      await this.#live.load({ backend, ...choice });
      for (const title of this.session.snapshot.model?.warnings ?? []) say({ kind: 'note', title });
      return true;
    } catch (error) {
      // The session shows why over the picture; without one nothing would.
      if (this.picture.get() === null) sayProblem('The model could not be loaded', error);
      return false;
    }
  }

  /** Runs the model elsewhere, from now on. */
  async changeBackend(backend: BackendChoice): Promise<void> {
    this.settings.change({ backend });
    const { model } = this.session.snapshot;
    if (model !== null) await this.load({ name: model.name });
  }

  /** Starts anew what failed: an engine that is gone, a model that did not load. */
  async recover(): Promise<void> {
    const { model } = this.session.snapshot;
    try {
      if (model === null) await this.load({ name: this.settings.get().model });
      else await this.session.recover();
    } catch (error) {
      sayProblem('That failed again', error);
    }
  }

  /** Opens a picture, a project, layers, or objects for the picture that is open. */
  async openFile(file: Blob, name = file instanceof File ? file.name : 'Picture'): Promise<void> {
    this.#opening += 1;
    const opening = this.#opening;
    try {
      const opened = await readAny(file, name);
      // A newer one goes before it.
      if (opening !== this.#opening) return;
      if (opened.kind === 'picture') await this.#openPicture(opened);
      else this.#addObjects(opened);
    } catch (error) {
      sayProblem(`${name} could not be opened`, error);
    }
  }

  /** Opens what was chosen or dropped: a picture, a video, or several pictures as one. */
  async openFiles(files: FileList): Promise<void> {
    const [file] = files;
    const video = videoAmong(files);
    if (video !== undefined) this.openVideo(video);
    else if (file !== undefined) await this.openFile(file);
  }

  openVideo(video: VideoFile): void {
    void this.close();
    this.video.set(video);
  }

  closeVideo(): void {
    this.video.set(null);
    this.interface.show(null);
  }

  /** Asks for a video, or for the folder of its frames. */
  pickVideo({ folder = false }: { readonly folder?: boolean } = {}): void {
    askForFiles(folder ? 'folder' : [videoEndings], (files) => void this.openFiles(files));
  }

  async openSample({ file, title }: Sample): Promise<void> {
    const response = await fetch(new URL(`samples/${file}`, document.baseURI));
    await this.openFile(await response.blob(), title);
  }

  async openClipboard(): Promise<void> {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((type) => type.startsWith('image/'));
        if (type === undefined) continue;
        await this.openFile(await item.getType(type), 'Pasted picture');
        return;
      }
      say({ kind: 'note', title: 'There is no picture in the clipboard' });
    } catch (error) {
      sayProblem('The clipboard could not be read. Press Ctrl+V or ⌘V instead', error);
    }
  }

  /** Asks for a file to open. */
  pickFile(): void {
    askForFiles(
      ['image/*', ...openableEndings, videoEndings],
      (files) => void this.openFiles(files),
    );
  }

  /** Asks for a picture to lay behind the objects. */
  pickBackground(): void {
    askForFiles(['image/*'], ([file]) => {
      if (file !== undefined) void this.setBackgroundPicture(file);
    });
  }

  async setBackgroundPicture(file: File): Promise<void> {
    try {
      const picture = await this.#backgroundFiles.open(file);
      this.background.set({ kind: 'picture', picture, fit: 'cover' });
    } catch (error) {
      sayProblem(`${file.name} cannot be the background`, error);
    }
  }

  /** Goes on with a picture of before. */
  async openRecent(id: string): Promise<void> {
    this.#opening += 1;
    try {
      const { project, name, picture: file, state, ...kept } = await this.autosave.restore(id);
      const opened = await readAny(file, name);
      if (opened.kind !== 'picture') throw new Error('What was kept of it is no picture.');
      const work = savedWork(state);
      const [picture, background] = await Promise.all([
        makePicture(name, opened.image as PixelImage, file),
        this.#restoredBackground(work.background, kept.file),
      ]);
      this.#showPicture(picture, background);
      const ready = this.#openSession(picture, work.session ?? undefined);
      this.autosave.continueWith(project);
      await ready;
    } catch (error) {
      sayProblem('It could not be opened again', error);
    }
  }

  /** Back to the start. What was done is in the list there. */
  async close(): Promise<void> {
    this.#opening += 1;
    const before = this.picture.get();
    this.picture.set(null);
    this.interface.show(null);
    await this.autosave.close();
    before?.preview.close();
    await Promise.all([this.#live.clear(), this.autosave.list()]);
  }

  async keep(): Promise<void> {
    try {
      await this.session.commit();
      this.interface.chooseLabel('include');
    } catch (error) {
      sayProblem('It could not be kept', error);
    }
  }

  async refine(request: MatteRequest): Promise<void> {
    try {
      await this.session.refineEdges(request);
    } catch (error) {
      this.#sayUnlessShown('The edges could not be refined', error);
    }
  }

  /** @param pointsPerSide - of the grid of points that are asked about */
  async findEverything(pointsPerSide: number): Promise<void> {
    await this.#find(this.session.everything({ pointsPerSide }));
  }

  async findWords(words: string): Promise<void> {
    await this.#find(this.session.findText(words));
  }

  /** Asks for a format. What was found and not kept yet is kept: it is what is wanted. */
  async export(): Promise<void> {
    if (this.session.snapshot.draft !== null) await this.keep();
    if (this.session.snapshot.objects.length > 0) this.interface.show('export');
    else say({ kind: 'note', title: 'Click something in the picture first' });
  }

  async #openPicture(opened: OpenedFile & { readonly kind: 'picture' }): Promise<void> {
    const { name, image, picture: file, objects, background, session } = opened;
    const picture = await makePicture(name, image as PixelImage, file);
    // Before anything of the new picture is seen: what is saved belongs together.
    await this.autosave.close();
    this.#showPicture(picture, background ?? { kind: 'original' });
    const ready = this.#openSession(picture, (session as SessionState | undefined) ?? undefined);
    const saving = this.autosave.begin(picture, this.#stateOf(picture));
    await ready;
    if (this.session.snapshot.objects.length === 0) {
      for (const { mask, matte, name, color } of objects) {
        const { alpha, bounds = mask.bounds } = matte ?? {};
        const { width, height } = mask;
        const soft = alpha && { alpha: { width, height, bounds, alpha } };
        this.session.addObject({ mask, name, color, ...soft });
      }
    }
    await saving;
  }

  /** What lies behind the objects; nothing where its picture cannot be had any more. */
  async #restoredBackground(
    saved: SavedBackground,
    read: (name: string) => Promise<Blob | undefined>,
  ): Promise<Background> {
    try {
      return await this.#backgroundFiles.restore(saved, read);
    } catch (error) {
      sayProblem('The picture behind the objects could not be opened again', error);
      return { kind: 'transparent' };
    }
  }

  async #openSession(picture: Picture, state: SessionState | undefined): Promise<void> {
    // Whoever is quicker than the engine's start would be told that there is no model.
    await this.#modelAsked;
    try {
      await this.#live.open(picture.image, picture.name, state);
    } catch (error) {
      if (state === undefined || !isCode(error, 'invalid-state')) throw error;
      sayProblem('The objects of before could not be read', error);
      await this.#live.open(picture.image, picture.name);
    }
  }

  #showPicture(picture: Picture, background: Background): void {
    const before = this.picture.get();
    this.interface.show(null);
    this.background.set(background);
    this.video.set(null);
    this.picture.set(picture);
    before?.preview.close();
  }

  #addObjects(opened: OpenedFile & { readonly kind: 'objects' }): void {
    const picture = this.picture.get();
    if (picture === null) {
      say({
        kind: 'problem',
        title: `${opened.name} holds objects and no picture`,
        detail: 'Open the picture that they belong to first, then this file.',
      });
      return;
    }
    const { width, height } = picture.image;
    const objects = opened.objectsFor({ width, height, name: picture.name });
    for (const { mask, name, color } of objects) this.session.addObject({ mask, name, color });
    say({ kind: 'done', title: `${objects.length} objects added` });
  }

  #saveSoon(): void {
    const picture = this.picture.get();
    if (picture !== null) this.autosave.changed(this.#stateOf(picture));
  }

  /** Of this picture and its session, also when it is asked for after another was opened. */
  #stateOf({ name, image: { width, height } }: Picture): () => ProjectState {
    const { session } = this;
    const { background, files } = this.#backgroundFiles.save(this.background.get());
    return () => {
      const { image, objects } = session.snapshot;
      return {
        name,
        width,
        height,
        objects: objects.length,
        state: { session: image === null ? null : session.save(), background },
        files,
      };
    };
  }

  async #find(search: Promise<unknown>): Promise<void> {
    try {
      await search;
    } catch (error) {
      this.#sayUnlessShown('The search ended early', error);
    }
  }

  /** What the session reports stands over the picture already. */
  #sayUnlessShown(title: string, error: unknown): void {
    if (this.session.snapshot.error !== error) sayProblem(title, error);
  }
}

/** Readers of all formats come with the first file. */
async function readAny(file: Blob, name: string): Promise<OpenedFile> {
  const { readFile } = await import('../files/read-file.ts');
  return readFile(file, { name });
}

/** @param accept - kinds of files, or a whole folder */
function askForFiles(
  accept: readonly string[] | 'folder',
  chosen: (files: FileList) => void,
): void {
  const input = document.createElement('input');
  input.type = 'file';
  if (accept === 'folder') input.webkitdirectory = true;
  else input.accept = accept.join(',');
  input.addEventListener('change', () => {
    if (input.files !== null) chosen(input.files);
  });
  input.click();
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
