import { openVideo } from 'samgpu';
import { type FollowDirection, type ModelChoice, VideoSession } from '@samgpu/session';

import { stateOf, storedModels } from '../models/model-state.ts';
import { say, sayProblem } from '../state/notices.ts';
import { Store } from '../state/store.ts';
import type { Studio } from '../state/studio.ts';
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

  constructor(studio: Studio, file: VideoFile) {
    this.studio = studio;
    this.file = file;
    this.session = new VideoSession({ engine: studio.engine });
    this.player = new Player(this.session);
    this.refusal = whyNoVideos(file);
  }

  readonly subscribe = (listener: () => void): (() => void) => this.session.subscribe(listener);

  /** Opens the video, and loads the smallest model that is on this device. */
  async start(): Promise<void> {
    if (this.refusal !== undefined) return;
    const { name, input } = this.file;
    void this.#loadStored();
    try {
      await this.session.open({
        name,
        open: (signal) => openVideo(input, signal === undefined ? {} : { signal }),
      });
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
    this.thumbnails.stop();
    this.session.dispose();
  }

  async #loadStored(): Promise<void> {
    const stored = await storedModels();
    const found = videoVariants.find((variant) => stateOf(variant, stored) === 'stored');
    if (found !== undefined && this.session.snapshot.model === null) {
      await this.load({ name: found.name });
    }
  }
}
