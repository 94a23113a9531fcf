import type { ImageInput } from 'samgpu';

import type { Engine } from '../engine/engine.ts';
import { asSessionError, SessionError } from '../session-error.ts';
import type { TrackReply } from './engine/video-engine.ts';
import { type FollowDirection, followLeg, legLength, legsFrom, Pace } from './follow-course.ts';
import { OpenedVideo, type VideoSource } from './opened-video.ts';
import { ShownFrame } from './shown-frame.ts';
import { TrackLink, type WantedPrompts } from './track-link.ts';
import { TrackResults } from './track-results.ts';
import { firstPromptFrame, promptsOf, type VideoDocument } from './video-document.ts';
import { VideoLoader } from './video-loader.ts';
import type { Following, FrameRange, OpenVideo } from './video-snapshot.ts';

export interface VideoWorkListener {
  /** What was said. */
  document(): VideoDocument;
  changed(): void;
}

interface Run {
  readonly controller: AbortController;
  state: Following;
}

/** All that takes time: a video, a model, and what the two find. */
export class VideoWork {
  readonly loader: VideoLoader;
  readonly #engine: Engine;
  readonly #listener: VideoWorkListener;
  #results = new TrackResults();
  resultVersion = 0;
  error: SessionError | null = null;
  video: OpenVideo | null = null;
  /** The frame that is wanted, and the one that is shown. */
  frame = 0;
  shown = 0;
  picture: ImageInput | null = null;
  range: FrameRange = { from: 0, to: 0 };
  #opening: AbortController | null = null;
  #opened: OpenedVideo | null = null;
  #shownFrame: ShownFrame | null = null;
  #link: TrackLink | null = null;
  #asking: AbortController | null = null;
  #run: Run | null = null;
  /** Whether the frame that is followed is shown. */
  #watches = false;
  /** What objects were followed by. */
  followed: VideoDocument['prompts'] = new Map();

  constructor(engine: Engine, listener: VideoWorkListener) {
    this.#engine = engine;
    this.#listener = listener;
    this.loader = new VideoLoader(engine, {
      changed: () => listener.changed(),
      equipped: () => {
        this.#closeLink();
        this.error = null;
        this.ask();
      },
      failed: (error) => this.fail(error),
    });
  }

  get results(): TrackResults {
    return this.#results;
  }

  get busy(): 'loading' | 'opening' | null {
    if (this.#opening !== null) return 'opening';
    return this.loader.isLoading ? 'loading' : null;
  }

  get asking(): boolean {
    return this.#asking !== null;
  }

  get following(): Following | null {
    return this.#run?.state ?? null;
  }

  /** Takes over what was saved, before its video is opened. */
  restore(results: TrackResults, frame: number, range: FrameRange): void {
    this.#results = results;
    this.frame = frame;
    this.range = range;
    this.followed = this.#listener.document().prompts;
  }

  /** @param accept - told the video before it takes the place of the one before; may refuse it */
  async open(source: VideoSource, accept: (video: OpenedVideo) => boolean): Promise<void> {
    this.#opening?.abort(new SessionError('superseded', 'another video was opened'));
    const opening = (this.#opening = new AbortController());
    const { signal } = opening;
    this.#listener.changed();
    try {
      const opened = await OpenedVideo.open(source, signal);
      try {
        signal.throwIfAborted();
        this.#take(opened, accept(opened));
      } catch (error) {
        opened.close();
        throw error;
      }
    } catch (error) {
      const known = asSessionError(signal.aborted ? signal.reason : error);
      if (!signal.aborted) this.fail(known);
      throw known;
    } finally {
      if (this.#opening === opening) this.#opening = null;
      this.#listener.changed();
    }
    await this.#shownFrame?.show(this.frame);
    this.ask();
  }

  async seek(frame: number): Promise<void> {
    this.#watches = false;
    await this.goTo(frame);
  }

  async goTo(frame: number): Promise<void> {
    if (this.video === null || !Number.isFinite(frame)) return;
    const wanted = Math.min(this.video.count - 1, Math.max(0, Math.round(frame)));
    if (wanted !== this.frame) {
      this.frame = wanted;
      this.#listener.changed();
    }
    await this.#shownFrame?.show(wanted);
  }

  /** The end that was not named gives way. */
  setRange({ from, to }: Partial<FrameRange>): void {
    const last = (this.video?.count ?? 1) - 1;
    const limit = (frame: number): number => Math.min(last, Math.max(0, Math.round(frame)));
    const first = limit(from ?? this.range.from);
    const end = limit(to ?? this.range.to);
    this.range =
      from === undefined
        ? { from: Math.min(first, end), to: end }
        : { from: first, to: Math.max(first, end) };
    this.#listener.changed();
  }

  /** Something else is said than before: what it does not hold any more goes, the rest is asked. */
  said(before: VideoDocument, now: VideoDocument): void {
    if (before.prompts === now.prompts) return;
    for (const { id, number } of now.objects) {
      const [old, own] = [promptsOf(before, id), promptsOf(now, id)];
      for (const frame of old.keys()) if (!own.has(frame)) this.#results.delete(number, frame);
      if (old.size > 0 && own.size === 0) this.#results.forget(number);
    }
    this.resultVersion += 1;
    this.stopFollowing();
    this.ask();
  }

  /** Tells the model what it does not know yet. */
  ask(): void {
    if (this.#asking !== null || this.#run !== null || this.#opened === null) return;
    if (this.loader.model === null || this.#listener.document().prompts.size === 0) return;
    const link = this.#expectLink(this.#opened);
    if (link.matches(this.#wanted())) return;
    void this.#match(link);
  }

  /** @returns whether it went through */
  async follow(what: FollowDirection | 'all'): Promise<boolean> {
    const opened = this.#opened;
    if (opened === null) throw new SessionError('no-image', 'there is no video; open one first');
    const link = this.#expectLink(opened);
    const first = firstPromptFrame(this.#listener.document());
    if (first === undefined) {
      throw new SessionError('no-draft', 'nothing to follow yet; point at something first');
    }
    this.stopFollowing();
    this.#asking?.abort(new SessionError('superseded', 'objects are followed'));
    this.#asking = null;
    const directions = what === 'all' ? (['forward', 'backward'] as const) : [what];
    const legs = legsFrom(what === 'all' ? first : this.shown, this.range, directions);
    const total = legs.reduce((sum, leg) => sum + legLength(leg), 0);
    const controller = new AbortController();
    const { signal } = controller;
    const run: Run = (this.#run = {
      controller,
      state: {
        direction: legs[0]?.direction ?? 'forward',
        frame: legs[0]?.from ?? first,
        done: 0,
        total,
        secondsLeft: undefined,
      },
    });
    this.#watches = true;
    this.error = null;
    this.#listener.changed();
    try {
      await link.match(
        () => this.#wanted(),
        (reply) => this.#found(reply),
        signal,
      );
      const said = this.#listener.document().prompts;
      const pace = new Pace();
      for (const leg of legs) {
        const onReply = (reply: TrackReply): void => {
          const done = run.state.done + 1;
          const secondsLeft = pace.tick() * (total - done);
          const { frame } = reply;
          run.state = { direction: leg.direction, frame, done, total, secondsLeft };
          this.#found(reply);
          if (this.#watches) void this.goTo(frame);
        };
        const end = await followLeg(leg, link, opened, onReply, signal);
        if (end !== undefined) this.#endsAt(end);
      }
      this.followed = said;
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const known = asSessionError(error);
      this.fail(known);
      throw known;
    } finally {
      if (this.#run === run) this.#run = null;
      this.#listener.changed();
      this.ask();
    }
  }

  /** @returns whether objects were being followed */
  stopFollowing(): boolean {
    const run = this.#run;
    run?.controller.abort(new SessionError('cancelled', 'following was ended'));
    this.#run = null;
    return run !== null;
  }

  /** @returns whether there was something to give up */
  cancel(reason: SessionError): boolean {
    if (this.stopFollowing() || this.loader.cancel(reason)) {
      this.#listener.changed();
      return true;
    }
    this.#opening?.abort(reason);
    return this.#opening !== null;
  }

  async #match(link: TrackLink): Promise<void> {
    const asking = (this.#asking = new AbortController());
    const { signal } = asking;
    this.#listener.changed();
    try {
      await link.match(
        () => this.#wanted(),
        (reply) => this.#found(reply),
        signal,
      );
      this.error = null;
    } catch (error) {
      if (signal.aborted) return;
      this.error = asSessionError(error);
    } finally {
      if (this.#asking === asking) this.#asking = null;
      this.#listener.changed();
    }
    // What was said since the last look.
    if (this.error === null) this.ask();
  }

  /** The engine is gone, and with it model and track. */
  lost(error: SessionError): void {
    this.loader.model = null;
    this.stopFollowing();
    this.#link = null;
    this.fail(error);
  }

  fail(error: SessionError | null): void {
    this.error = error;
    this.#listener.changed();
  }

  dispose(reason: SessionError): void {
    this.stopFollowing();
    this.#asking?.abort(reason);
    this.loader.cancel(reason);
    this.#opening?.abort(reason);
    this.#closeLink();
    this.#shownFrame?.close();
    this.#opened?.close();
    this.loader.lose();
  }

  #take(opened: OpenedVideo, keepsDocument: boolean): void {
    this.stopFollowing();
    this.#closeLink();
    this.#shownFrame?.close();
    this.#opened?.close();
    this.#opened = opened;
    const { first, source, width, height } = opened;
    const count = first.count ?? first.expectedCount ?? 1;
    this.video = {
      name: source.name,
      width,
      height,
      count,
      isCountSure: first.count !== undefined,
      frameRate: first.frameRate,
      names: first.names,
    };
    if (keepsDocument) {
      this.frame = Math.min(this.frame, count - 1);
    } else {
      this.#results = new TrackResults();
      this.followed = new Map();
      this.frame = 0;
      this.range = { from: 0, to: count - 1 };
    }
    this.resultVersion += 1;
    this.error = null;
    this.picture = null;
    this.shown = this.frame;
    this.#shownFrame = new ShownFrame(first, {
      arrived: (frame, image) => {
        this.shown = frame;
        this.picture = image;
        this.#listener.changed();
      },
      ended: (end) => this.#endsAt(end),
      failed: (error) => this.fail(asSessionError(error)),
    });
  }

  /** The video has so many frames, whatever its file said. */
  #endsAt(count: number): void {
    const { video } = this;
    if (video === null || (video.isCountSure && video.count <= count)) return;
    const last = count - 1;
    this.video = { ...video, count, isCountSure: true };
    this.frame = Math.min(this.frame, last);
    this.range = { from: Math.min(this.range.from, last), to: Math.min(this.range.to, last) };
    this.#listener.changed();
  }

  #found({ frame, objects }: TrackReply): void {
    this.#results.put(frame, objects);
    this.resultVersion += 1;
    this.#listener.changed();
  }

  #wanted(): WantedPrompts {
    const document = this.#listener.document();
    return new Map(
      document.objects.flatMap(({ id, number }) => {
        const own = promptsOf(document, id);
        return own.size === 0 ? [] : [[number, own] as const];
      }),
    );
  }

  /** @throws SessionError `no-model` */
  #expectLink(opened: OpenedVideo): TrackLink {
    const { model } = this.loader;
    if (model === null) {
      throw new SessionError('no-model', 'there is no model for videos yet; load SAM 2 first');
    }
    this.#link ??= new TrackLink(this.#engine, model.id, opened);
    return this.#link;
  }

  #closeLink(): void {
    this.stopFollowing();
    this.#asking?.abort(new SessionError('superseded', 'there is another model or video'));
    this.#asking = null;
    this.#link?.close();
    this.#link = null;
  }
}
