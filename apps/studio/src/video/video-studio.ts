import { openVideo } from 'samgpu';
import {
  type FollowDirection,
  type ModelChoice,
  SessionError,
  VideoSession,
  type VideoSessionState,
  type VideoSource,
} from '@samgpu/session';

import { stateOf, storedModels } from '../models/model-state.ts';
import { say, sayProblem } from '../state/notices.ts';
import { Store } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';
import { Autosave } from './autosave.ts';
import { Player } from './player.ts';
import { ThumbnailStore } from './thumbnails.ts';
import { videoVariants } from './video-variants.ts';
import { type VideoFile, whyNoVideos } from './video-file.ts';

/** A window over the video. */
export type VideoWindowName = 'export' | 'models';

/** What a video takes beside the pictures' studio, whose engine, settings and tools it shares. */
export class VideoStudio {
  readonly studio: Studio;
  readonly file: VideoFile;
  readonly session: VideoSession;
  readonly player: Player;
  readonly thumbnails = new ThumbnailStore();
  readonly window = new Store<VideoWindowName | null>(null);
  /** Why it cannot be opened at all. */
  readonly refusal: string | undefined;

  readonly #autosave: Autosave;
  readonly #isRestored: boolean;

  private constructor(
    studio: Studio,
    file: VideoFile,
    autosave: Autosave,
    state: VideoSessionState | undefined,
  ) {
    this.studio = studio;
    this.file = file;
    const options = { engine: studio.engine };
    const restored = state && restoredFrom(state, options);
    this.#isRestored = restored !== undefined;
    this.session = restored ?? new VideoSession(options);
    this.#autosave = autosave;
    this.player = new Player(this.session);
    this.refusal = whyNoVideos(file);
    this.session.subscribe(() => autosave.watch(this.session));
  }

  /** With the work that was kept of the same video, if there is some. */
  static async make(studio: Studio, file: VideoFile): Promise<VideoStudio> {
    const autosave = await Autosave.open(file);
    return new VideoStudio(studio, file, autosave, await autosave.read());
  }

  readonly subscribe = (listener: () => void): (() => void) => this.session.subscribe(listener);

  /** Opens the video, and loads the smallest model that is on this device. */
  async start(): Promise<void> {
    if (this.refusal !== undefined) return;
    const { name, input } = this.file;
    const open: VideoSource['open'] = (signal) => openVideo(input, signal ? { signal } : {});
    const source = { name, open };
    void this.#loadStored();
    try {
      if (this.#isRestored && (await this.#reopen(source))) return;
      await this.session.open(source);
    } catch {
      // The session has it, and the stage shows it.
    }
  }

  /** @returns whether it is ready */
  async load(choice: ModelChoice): Promise<boolean> {
    const { backend } = this.studio.settings.get();
    try {
      await this.session.load({ backend, ...choice });
      for (const warning of this.session.snapshot.model?.warnings ?? []) {
        say({ kind: 'note', title: warning });
      }
      return true;
    } catch {
      return false;
    }
  }

  async follow(what: FollowDirection | 'all'): Promise<void> {
    this.player.pause();
    try {
      await this.session.follow(what);
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (code === 'no-model') this.window.set('models');
      else if (code === 'no-draft') sayProblem('Nothing to follow yet', error);
    }
  }

  dispose(): void {
    this.player.pause();
    this.#autosave.flush(this.session);
    this.thumbnails.stop();
    this.session.dispose();
  }

  /** @returns false where what was kept belongs to another video after all */
  async #reopen(source: VideoSource): Promise<boolean> {
    try {
      await this.session.open(source, { keepDocument: true });
      say({ kind: 'note', title: 'Your work on this video is back' });
      return true;
    } catch (error) {
      if (error instanceof SessionError && error.code === 'invalid-state') return false;
      throw error;
    }
  }

  async #loadStored(): Promise<void> {
    const stored = await storedModels();
    const found = videoVariants.find((variant) => stateOf(variant, stored) === 'stored');
    if (found !== undefined && this.session.snapshot.model === null) {
      await this.load({ name: found.name });
    }
  }
}

/** @returns undefined for what an older version kept, or a damaged file */
function restoredFrom(
  state: VideoSessionState,
  options: ConstructorParameters<typeof VideoSession>[0],
): VideoSession | undefined {
  try {
    return VideoSession.restore(state, options);
  } catch {
    return undefined;
  }
}
