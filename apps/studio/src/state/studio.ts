import type { BackendChoice } from 'samgpu';
import {
  type Engine,
  type MatteRequest,
  type ModelChoice,
  type ModelDescription,
  Session,
} from '@samgpu/session';

import { startEngine } from '../engine/start-engine.ts';
import type { View } from '@samgpu/element';
import type { Sample } from '../start/samples.ts';
import { videoAmong, videoEndings, type VideoFile } from '../video/video-file.ts';
import { measured, MeasureStore } from './measures.ts';
import { say, sayProblem } from './notices.ts';
import type { PanelState, PanelTab } from './panel.ts';
import { openPicture, type Picture } from './picture.ts';
import type { SettingsStore } from './settings.ts';
import { Store } from './store.ts';
import type { ToolName, ToolState } from './tool.ts';

/** A window over the workspace. */
export type WindowName = 'export' | 'models' | 'settings' | 'shortcuts';

/** Everything behind the user interface: one session, its engine, and what belongs to neither. */
export class Studio {
  readonly settings: SettingsStore;
  readonly measures = new MeasureStore();
  readonly session: Session;
  readonly engine: Engine;
  readonly tool = new Store<ToolState>({ tool: 'point', label: 'include' });
  /** How the picture lies in the stage. */
  readonly view = new Store<View>({ scale: 1, x: 0, y: 0 });
  readonly picture = new Store<Picture | null>(null);
  /** In place of a picture. */
  readonly video = new Store<VideoFile | null>(null);
  readonly panel = new Store<PanelState>({ tab: 'objects', isOpen: false });
  readonly window = new Store<WindowName | null>(null);
  /** Id of what was found and is pointed at in the gallery. */
  readonly highlighted = new Store<string | null>(null);
  readonly models = new Store<readonly ModelDescription[]>([]);

  /** What the session holds, also while the start screen is shown. */
  #open: Picture | null = null;

  constructor(settings: SettingsStore) {
    this.settings = settings;
    this.engine = measured(startEngine(settings.get()), this.measures);
    this.session = new Session({ engine: this.engine });
  }

  /** Watches the session. */
  readonly subscribe = (listener: () => void): (() => void) => this.session.subscribe(listener);

  /** Loads the model of the settings, so that it is ready when a picture is. */
  async start(): Promise<void> {
    const { model } = this.settings.get();
    this.models.set(await this.engine.models());
    const isKnown = this.models.get().some(({ name }) => name === model);
    await this.load({ name: isKnown ? model : 'nano' });
  }

  /** @returns whether it is ready */
  async load(choice: ModelChoice): Promise<boolean> {
    const { backend } = this.settings.get();
    try {
      await this.session.load({ backend, ...choice });
      const { model } = this.session.snapshot;
      for (const warning of model?.warnings ?? []) say({ kind: 'note', title: warning });
      return true;
    } catch (error) {
      // The session shows why over the picture; without one nothing would.
      if (this.session.snapshot.image === null) sayProblem('The model could not be loaded', error);
      return false;
    }
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

  stopLoading(): void {
    this.session.cancel();
  }

  async openFile(file: Blob, name = file instanceof File ? file.name : 'Picture'): Promise<void> {
    try {
      const picture = await openPicture(file, name);
      await this.#show(picture);
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
    this.close();
    this.video.set(video);
  }

  closeVideo(): void {
    this.video.set(null);
    this.window.set(null);
  }

  /** Asks for a video, or for the folder of its frames. */
  pickVideo({ folder = false }: { readonly folder?: boolean } = {}): void {
    const input = document.createElement('input');
    input.type = 'file';
    if (folder) input.webkitdirectory = true;
    else input.accept = videoEndings;
    this.#pick(input);
  }

  async openSample({ file, title }: Sample): Promise<void> {
    const response = await fetch(new URL(`samples/${file}`, document.baseURI));
    await this.openFile(await response.blob(), title);
  }

  async openClipboard(): Promise<void> {
    try {
      const items = await navigator.clipboard.read();
      for (const item of items) {
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

  /** Asks for a file. */
  pickFile(): void {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = `image/*,.psd,.ora,.json,.svg,${videoEndings}`;
    this.#pick(input);
  }

  close(): void {
    this.picture.set(null);
    this.window.set(null);
  }

  show(window: WindowName | null): void {
    this.window.set(window);
  }

  showPanel(tab: PanelTab): void {
    this.panel.set({ tab, isOpen: true });
  }

  /** Runs the model elsewhere, from now on. */
  async changeBackend(backend: BackendChoice): Promise<void> {
    this.settings.change({ backend });
    const { model } = this.session.snapshot;
    if (model !== null) await this.load({ name: model.name });
  }

  async refine(request: MatteRequest): Promise<void> {
    try {
      await this.session.refineEdges(request);
    } catch (error) {
      sayProblem('The edges could not be refined', error);
    }
  }

  /** @param pointsPerSide - of the grid of points that are asked about */
  async findEverything(pointsPerSide: number): Promise<void> {
    await this.#find(this.session.everything({ pointsPerSide }));
  }

  async findWords(words: string): Promise<void> {
    await this.#find(this.session.findText(words));
  }

  /** @param id - of what is pointed at in the gallery */
  highlight(id: string | null): void {
    this.highlighted.set(id);
  }

  chooseTool(tool: ToolName): void {
    this.tool.update((state) => ({ ...state, tool }));
  }

  chooseLabel(label: ToolState['label']): void {
    this.tool.update((state) => ({ ...state, label }));
  }

  async keep(): Promise<void> {
    try {
      await this.session.commit();
      this.chooseLabel('include');
    } catch (error) {
      sayProblem('It could not be kept', error);
    }
  }

  async #find(search: Promise<unknown>): Promise<void> {
    try {
      await search;
    } catch (error) {
      sayProblem('The search ended early', error);
    }
  }

  #pick(input: HTMLInputElement): void {
    input.addEventListener('change', () => {
      if (input.files !== null) void this.openFiles(input.files);
    });
    input.click();
  }

  async #show(picture: Picture): Promise<void> {
    const before = this.#open;
    this.#open = picture;
    this.video.set(null);
    this.picture.set(picture);
    try {
      await this.session.open(picture.bitmap, { name: picture.name });
    } finally {
      // Until then it may be drawn.
      before?.bitmap.close();
    }
  }
}
