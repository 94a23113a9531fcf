import type { Box, Mask, RgbColor, Size } from '@samgpu/mask';
import type { Point, PointLabel } from 'samgpu';

import type { CanvasSession } from '../canvas-session.ts';
import type { Engine } from '../engine/engine.ts';
import type { ModelChoice } from '../engine/model-description.ts';
import { History } from '../history/history.ts';
import { ObjectMaker } from '../objects/object-maker.ts';
import * as make from '../prompts/make-prompt.ts';
import type { Position, SessionPrompt } from '../prompts/session-prompt.ts';
import { SessionError } from '../session-error.ts';
import { saveChoice } from '../state/save-state.ts';
import { CanvasView } from './canvas-view.ts';
import type { FollowDirection } from './follow-course.ts';
import type { VideoSource } from './opened-video.ts';
import { expectLike, restoreVideo } from './restore-video.ts';
import { saveObjects } from './save-video.ts';
import type { VideoSessionState } from './saved-video.ts';
import { type CoverageSpan, type KeptMask, maskFrom } from './track-results.ts';
import {
  EMPTY_VIDEO_DOCUMENT,
  promptsOf,
  promptsOn,
  type VideoDocument,
  videoObjectOf,
  withObject,
  withoutObject,
  withPrompts,
} from './video-document.ts';
import type { FrameMask, FrameRange, VideoSnapshot } from './video-snapshot.ts';
import { VideoWork } from './video-work.ts';

export interface VideoSessionOptions {
  /** Runs the models. Sessions may share one; it outlives them. */
  readonly engine: Engine;
  /** Most steps that can be taken back. @defaultValue 200 */
  readonly historyLimit?: number;
  /** Names new objects. @defaultValue `Object 1`, `Object 2`, … */
  readonly nameObject?: (number: number) => string;
}

const MOVE = 'Move prompt';

/**
 * One video, one person: objects, what was said of them on which frames, and their masks on all of
 * them. Needs no DOM, no worker and no storage.
 *
 * Frames are read as they are shown or followed, and not kept; masks are kept as run lengths.
 */
export class VideoSession {
  /** The frame that is shown, for `<sam-canvas>`. */
  readonly canvas: CanvasSession = new CanvasView(this);
  readonly #engine: Engine;
  readonly #work: VideoWork;
  readonly #listeners = new Set<() => void>();
  readonly #historyLimit: number;
  readonly #maker: ObjectMaker;
  readonly #stopListening: () => void;
  /** With the frame that a step belongs to. */
  #history: History<VideoDocument, number>;
  #restored: VideoSessionState['video'] | null = null;
  #snapshot: VideoSnapshot | undefined;
  #masks: { readonly key: readonly unknown[]; readonly masks: readonly FrameMask[] } | undefined;
  #disposed = false;

  constructor({ engine, historyLimit = 200, nameObject }: VideoSessionOptions) {
    this.#engine = engine;
    this.#historyLimit = historyLimit;
    this.#maker = new ObjectMaker(nameObject);
    this.#history = History.of<VideoDocument, number>(EMPTY_VIDEO_DOCUMENT, historyLimit);
    this.#work = new VideoWork(engine, {
      document: () => this.#document,
      changed: () => this.#changed(),
    });
    this.#stopListening = engine.onLost((error) => this.#work.lost(error));
  }

  /**
   * A session with the objects, prompts and masks of a saved one. Open its video with `keepDocument`,
   * and load a model.
   *
   * @throws SessionError `invalid-state`
   */
  static restore(state: VideoSessionState, options: VideoSessionOptions): VideoSession {
    const { video, document, results, frame, range, counts } = restoreVideo(state);
    const session = new VideoSession(options);
    session.#restored = video;
    session.#history = History.of<VideoDocument, number>(document, session.#historyLimit);
    session.#work.restore(results, frame, range);
    session.#maker.continueFrom(counts);
    return session;
  }

  /** All that there is to show; a new object after every change. */
  get snapshot(): VideoSnapshot {
    this.#snapshot ??= this.#takeSnapshot();
    return this.#snapshot;
  }

  /** The GPU that the model runs on, for those who draw there. */
  get device(): GPUDevice | undefined {
    const { model } = this.#work.loader;
    return model === null ? undefined : this.#engine.deviceOf?.(model.id);
  }

  /** Of the masks that are kept, about. */
  get bytes(): number {
    return this.#work.results.bytes;
  }

  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Loads a model that follows objects. The one before stays until it is ready; masks stay. A newer
   * call takes the place of one under way.
   *
   * @throws SessionError `unsupported` for a model of pictures alone
   */
  async load(choice: ModelChoice | string): Promise<void> {
    this.#live();
    await this.#work.loader.load(typeof choice === 'string' ? { name: choice } : choice);
  }

  /**
   * Opens a video and shows its first frame. Objects, masks and history of the one before go.
   *
   * @param options - `keepDocument`: they stay, because it is the video that they belong to
   * @throws SessionError `invalid-state` for another video then
   */
  async open(
    source: VideoSource,
    { keepDocument = false }: { readonly keepDocument?: boolean } = {},
  ): Promise<void> {
    this.#live();
    await this.#work.open(source, (opened) => {
      const saved = this.#restored ?? this.#work.video;
      this.#restored = null;
      if (keepDocument) {
        expectLike(opened, saved);
        return true;
      }
      this.#history = History.of<VideoDocument, number>(EMPTY_VIDEO_DOCUMENT, this.#historyLimit);
      this.#maker.continueFrom({ ...this.#maker.counts, objects: 0 });
      return false;
    });
  }

  /** Shows a frame; what is wanted while one is read replaces what was wanted before. */
  async seek(frame: number): Promise<void> {
    this.#live();
    await this.#work.seek(frame);
  }

  /** Frames that are followed, both included; an end that is not named gives way. */
  setRange(range: Partial<FrameRange>): void {
    this.#live();
    this.#work.setRange(range);
  }

  /** Begins an object, which is selected. @returns its id */
  addObject(named: { readonly name?: string; readonly color?: RgbColor } = {}): string {
    const object = this.#maker.identify(named);
    this.#change('Add object', (document) => ({
      ...document,
      objects: [...document.objects, object],
      selected: object.id,
    }));
    return object.id;
  }

  /** Selects the object that prompts belong to; null: the next prompt begins another one. */
  select(id: string | null): void {
    this.#live();
    if (id !== null) videoObjectOf(this.#document, id);
    this.#moved(this.#history.amend({ ...this.#document, selected: id }));
  }

  renameObject(id: string, name: string): void {
    this.#change('Rename', (document) => withObject(document, id, { name }));
  }

  recolorObject(id: string, color: RgbColor): void {
    this.#change('Recolour', (document) => withObject(document, id, { color }));
  }

  setVisible(id: string, visible: boolean): void {
    const label = visible ? 'Show object' : 'Hide object';
    this.#change(label, (document) => withObject(document, id, { visible }));
  }

  removeObject(id: string): void {
    this.#change('Remove object', (document) => withoutObject(document, id));
  }

  /** @returns id of the prompt @throws SessionError `invalid-prompt` or `no-image`, as those below */
  addPoint(point: Point): string {
    return this.#addPrompt('Point', (id, video) => make.pointPrompt(id, point, video));
  }

  /** Sets the box, in place of one that is there. */
  setBox(box: Box): string {
    return this.#addPrompt('Box', (id, video) => make.boxPrompt(id, box, video));
  }

  addLasso(path: readonly Position[], label: PointLabel = 'include'): string {
    return this.#addPrompt('Lasso', (id, video) => make.lassoPrompt(id, path, label, video));
  }

  addScribble(path: readonly Position[], label: PointLabel = 'include'): string {
    return this.#addPrompt('Scribble', (id, video) => make.scribblePrompt(id, path, label, video));
  }

  /** The object's mask on this frame, in place of all that was said there. */
  setMask(mask: Mask): string {
    return this.#addPrompt('Mask', (id, video) => make.maskPrompt(id, mask, video));
  }

  /** @throws SessionError `unknown-prompt` */
  removePrompt(id: string): void {
    const prompt = this.#promptOf(id);
    const rest = this.#prompts.filter((one) => one !== prompt);
    this.#setPrompts('Remove prompt', rest);
  }

  /** @throws SessionError `unknown-prompt` */
  movePrompt(
    id: string,
    to: Position | Box,
    { goOn = false }: { readonly goOn?: boolean } = {},
  ): void {
    this.#live();
    const prompt = this.#promptOf(id);
    const moved = make.movedPrompt(prompt, to, this.#size);
    const prompts = this.#prompts.map((one) => (one === prompt ? moved : one));
    if (goOn && this.#history.undoStep?.label === MOVE) {
      const { selected } = this.#document;
      const next = withPrompts(this.#document, selected!, this.#work.shown, prompts);
      this.#moved(this.#history.amend(next));
    } else {
      this.#setPrompts(MOVE, prompts);
    }
  }

  /** Takes back what was said of the selected object on this frame. */
  clearPrompts(): void {
    if (this.#prompts.length > 0) this.#setPrompts('Clear prompts', []);
  }

  undo(): void {
    this.#live();
    const frame = this.#history.undoStep?.effect;
    this.#moved(this.#history.undo());
    if (frame !== undefined) void this.#work.goTo(frame);
  }

  redo(): void {
    this.#live();
    const frame = this.#history.redoStep?.effect;
    this.#moved(this.#history.redo());
    if (frame !== undefined) void this.#work.goTo(frame);
  }

  /**
   * Follows all objects through the range: from the frame that is shown to its end or its start, or
   * (`all`) from the first frame with a prompt to both. Masks come as they are found, and stay however
   * it ends.
   *
   * @returns whether it went through; false where it was cancelled, also by a prompt
   * @throws SessionError `no-model`, `no-image`, `no-draft` where nothing was said of any object
   */
  follow(what: FollowDirection | 'all' = 'all'): Promise<boolean> {
    this.#live();
    return this.#work.follow(what);
  }

  /** Gives up the latest thing that takes long; where nothing does, selects no object. */
  cancel(): void {
    this.#live();
    if (this.#work.cancel(new SessionError('cancelled', 'it was cancelled'))) return;
    if (this.#document.selected !== null) this.select(null);
  }

  /** After `engine-lost`: starts the engine anew and loads the model. */
  async recover(): Promise<void> {
    this.#live();
    await this.#engine.restart();
    const { choice } = this.#work.loader;
    if (choice !== null) await this.load(choice);
  }

  dismissError(): void {
    this.#work.fail(null);
  }

  /** What is kept of an object on a frame; undefined where it was not looked for. */
  keptMask(id: string, frame: number): KeptMask | undefined {
    return this.#work.results.get(videoObjectOf(this.#document, id).number, frame);
  }

  maskAt(id: string, frame: number): Mask | undefined {
    return this.#work.results.maskOf(videoObjectOf(this.#document, id).number, frame);
  }

  /** Where an object was looked for, in order. */
  coverageOf(id: string): readonly CoverageSpan[] {
    return this.#work.results.coverageOf(videoObjectOf(this.#document, id).number);
  }

  /** Frames on which something was said of an object. */
  promptFramesOf(id: string): readonly number[] {
    return [...promptsOf(this.#document, id).keys()].toSorted((a, b) => a - b);
  }

  /** The work as plain data. @throws SessionError `no-image` */
  save(): VideoSessionState {
    const { video, frame, range, results, loader } = this.#work;
    if (video === null) throw new SessionError('no-image', 'there is no video; open one first');
    const { name, width, height, count } = video;
    return {
      format: 'samgpu-video-session',
      version: 1,
      video: { name, width, height, count },
      model: saveChoice(loader.choice),
      frame,
      range,
      objects: saveObjects(this.#document, results),
      selected: this.#document.selected,
      counts: this.#maker.counts,
    };
  }

  /** Gives up what is under way, and frees video and model. The engine is its owner's. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#listeners.clear();
    this.#stopListening();
    this.#work.dispose(new SessionError('disposed', 'the session was disposed of'));
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get #document(): VideoDocument {
    return this.#history.present;
  }

  /** Of the selected object, on the frame that is shown. */
  get #prompts(): readonly SessionPrompt[] {
    return promptsOn(this.#document, this.#document.selected, this.#work.shown);
  }

  /** @throws SessionError `no-image` */
  get #size(): Size {
    const { video, picture } = this.#work;
    if (video !== null && picture !== null) return video;
    throw new SessionError('no-image', 'there is no frame to point at yet; open a video first');
  }

  #addPrompt(label: string, make: (id: string, size: Size) => SessionPrompt): string {
    this.#live();
    const prompt = { ...make('', this.#size), id: this.#maker.id('p') };
    const { selected } = this.#document;
    const object = selected === null ? this.#maker.identify({}) : null;
    const before = this.#prompts;
    // A mask says it all; what comes after it corrects it.
    const kept =
      prompt.kind === 'mask'
        ? []
        : before.filter(({ kind }) => kind !== 'box' || prompt.kind !== 'box');
    this.#change(label, (document) => {
      const has = object
        ? { ...document, objects: [...document.objects, object], selected: object.id }
        : document;
      return withPrompts(has, has.selected!, this.#work.shown, [...kept, prompt]);
    });
    return prompt.id;
  }

  #setPrompts(label: string, prompts: readonly SessionPrompt[]): void {
    const { selected } = this.#document;
    this.#change(label, (document) => withPrompts(document, selected!, this.#work.shown, prompts));
  }

  #promptOf(id: string): SessionPrompt {
    const prompt = this.#prompts.find((one) => one.id === id);
    if (prompt !== undefined) return prompt;
    throw new SessionError('unknown-prompt', `no prompt "${id}" on this frame; it may be gone`);
  }

  #change(label: string, make: (document: VideoDocument) => VideoDocument): void {
    this.#live();
    this.#moved(this.#history.push(make(this.#document), label, this.#work.shown));
  }

  #moved(history: History<VideoDocument, number>): void {
    const before = this.#document;
    this.#history = history;
    this.#work.said(before, history.present);
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener();
  }

  #live(): void {
    if (this.#disposed) {
      throw new SessionError('disposed', 'this session was disposed of; make another one');
    }
  }

  #takeSnapshot(): VideoSnapshot {
    const { objects, selected, prompts } = this.#document;
    const { video, frame, shown, picture, range, error, resultVersion, loader } = this.#work;
    const undoLabel = this.#history.undoStep?.label ?? null;
    const redoLabel = this.#history.redoStep?.label ?? null;
    return {
      busy: this.#work.busy,
      progress: loader.progress,
      error,
      model: loader.model,
      backend: loader.model?.backend ?? null,
      video,
      frame,
      shown,
      picture,
      range,
      objects,
      selected,
      prompts: this.#prompts,
      masks: this.#masksShown(),
      asking: this.#work.asking,
      following: this.#work.following,
      isOutdated: prompts.size > 0 && prompts !== this.#work.followed,
      resultVersion,
      canUndo: undoLabel !== null,
      canRedo: redoLabel !== null,
      undoLabel,
      redoLabel,
    };
  }

  /** Made of run lengths once, as long as they stay. */
  #masksShown(): readonly FrameMask[] {
    const { objects } = this.#document;
    const { shown, results } = this.#work;
    const kept = objects.map(({ number }) => results.get(number, shown));
    const key = [objects, ...kept];
    const before = this.#masks;
    const isSame =
      before?.key.length === key.length && key.every((one, i) => one === before.key[i]);
    if (isSame) return before.masks;
    const old = new Map(before?.masks.map(({ kept, mask }) => [kept, mask]));
    const masks = objects.flatMap((object, i): FrameMask[] => {
      const own = kept[i];
      if (own === undefined) return [];
      const mask = old.get(own) ?? maskFrom(own.rle, own.score);
      return [{ object, kept: own, mask, occluded: own.occluded }];
    });
    this.#masks = { key, masks };
    return masks;
  }
}
