import type { VideoSession } from '@samgpu/session';

import { Store } from '../state/store.ts';

/** Of folders of images, which say nothing of time. */
export const USUAL_RATE = 25;

/** Shows one frame after another, in time; what the decoder is too slow for is left out. */
export class Player {
  readonly isPlaying = new Store<boolean>(false);
  /** Waits until a frame is on the screen. */
  whenShown: () => Promise<void> = () => Promise.resolve();
  readonly #session: VideoSession;
  #run = 0;

  constructor(session: VideoSession) {
    this.#session = session;
  }

  get rate(): number {
    return this.#session.snapshot.video?.frameRate ?? USUAL_RATE;
  }

  toggle(): void {
    if (this.isPlaying.get()) this.pause();
    else void this.play();
  }

  pause(): void {
    this.#run += 1;
    this.isPlaying.set(false);
  }

  /** Plays to the end of the range, from its start if it was there. */
  async play(): Promise<void> {
    const session = this.#session;
    this.#run += 1;
    const run = this.#run;
    this.isPlaying.set(true);
    const { frame, range } = session.snapshot;
    const isInside = frame >= range.from && frame < range.to;
    const first = isInside ? frame : range.from;
    await session.seek(first);
    const start = await nextFrame();
    for (let now = start; run === this.#run; now = await nextFrame()) {
      const wanted = first + Math.floor(((now - start) / 1000) * this.rate);
      const { to } = session.snapshot.range;
      await session.seek(Math.min(wanted, to));
      await this.whenShown();
      if (wanted >= to && run === this.#run) this.pause();
    }
  }

  /** Stops, and goes a few frames on or back. */
  step(by: number): void {
    this.pause();
    void this.#session.seek(this.#session.snapshot.frame + by);
  }

  goTo(frame: number): void {
    this.pause();
    void this.#session.seek(frame);
  }
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
