import { AnswerLane } from './answers/answer-lane.ts';
import { EdgeRefiner } from './edges/edge-refiner.ts';
import type { EncodedPicture } from './engine/engine.ts';
import { Finder } from './find/finder.ts';
import { ActionQueue } from './history/action-queue.ts';
import { DocumentHistory } from './history/document-history.ts';
import { DraftMaker } from './objects/draft-maker.ts';
import { ObjectMaker } from './objects/object-maker.ts';
import { EMPTY_DOCUMENT, type SessionDocument } from './objects/session-document.ts';
import { asSessionError, SessionError } from './session-error.ts';
import type { SessionOptions } from './session-options.ts';
import { type Equipment, Setup } from './setup/setup.ts';
import type { Draft, SessionImage, SessionPhase, SessionSnapshot } from './snapshot.ts';
import type { RestoredState } from './state/restore-state.ts';

/** The parts of a session, and how what happens in one reaches the others. */
export class SessionCore {
  readonly setup: Setup;
  readonly lane: AnswerLane;
  readonly finder: Finder;
  readonly refiner: EdgeRefiner;
  readonly history: DocumentHistory;
  readonly makers: ObjectMaker;
  readonly actions: ActionQueue;
  readonly listeners: Set<() => void> = new Set();
  readonly #drafts = new DraftMaker();
  readonly #stopListening: () => void;
  #image: SessionImage | null = null;
  #promptVersion = 0;
  #error: SessionError | null = null;
  #snapshot: SessionSnapshot | undefined;
  #modelName: string | undefined;
  #isTelling = false;
  #renewal: Promise<void> | undefined;
  #disposed = false;

  constructor({ engine, historyLimit = 200, nameObject }: SessionOptions) {
    const changed = (): void => this.changed();
    const failed = (error: SessionError): void => this.fail(error);
    this.makers = new ObjectMaker(nameObject);
    this.actions = new ActionQueue(failed, changed);
    this.history = new DocumentHistory(historyLimit, (next) => this.#moved(next), failed);
    this.lane = new AnswerLane(engine, {
      changed,
      failed: (error) => this.#unanswered(error),
      isTargetComing: () => this.setup.phase !== null,
    });
    this.finder = new Finder(engine, changed);
    this.refiner = new EdgeRefiner(engine, changed);
    this.setup = new Setup(engine, {
      changed: () => {
        // Whoever waits for an answer would wait for ever.
        if (this.setup.phase === null && !this.lane.hasTarget) this.lane.giveUp();
        changed();
      },
      accept: (picture) => this.#accept(picture),
      equipped: (equipment, isNewImage) => this.#equipped(equipment, isNewImage),
      failed,
    });
    this.#stopListening = engine.onLost((error) => {
      this.setup.lose(error);
      this.lane.retarget(null);
      this.lane.giveUp();
      this.fail(error);
    });
  }

  get snapshot(): SessionSnapshot {
    this.#snapshot ??= this.#takeSnapshot();
    return this.#snapshot;
  }

  get document(): SessionDocument {
    return this.history.document;
  }

  get error(): SessionError | null {
    return this.#error;
  }

  /** What would be committed now. */
  get draft(): Draft | null {
    return this.#drafts.draftOf(this.lane.shown?.candidates[this.candidateIndex], this.document);
  }

  /** Of the candidates that are shown, which may still be those of the prompts before. */
  get candidateIndex(): number {
    return this.lane.shown?.chosen ?? 0;
  }

  /** Id of the encoded image. @throws SessionError `no-model` or `no-image` */
  get picture(): string {
    this.live();
    const { current } = this.setup;
    if (current?.image) return current.image.picture.id;
    throw current
      ? new SessionError('no-image', 'there is no image yet; open one first')
      : new SessionError('no-model', 'there is no model yet; load one first');
  }

  /** @throws SessionError `no-image` */
  get image(): SessionImage {
    this.live();
    if (this.#image !== null) return this.#image;
    throw new SessionError('no-image', 'there is no image to point at yet; open one first');
  }

  restore({ image, document, counts }: RestoredState): void {
    this.#image = { ...image, revision: 1 };
    this.makers.continueFrom(counts);
    this.history.reset(document);
  }

  /** Does it now or, during a commit, after that. */
  act(action: () => void): void {
    this.live();
    this.actions.run(action);
  }

  /** Reports what goes wrong with work, but for what was wanted so. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const known = asSessionError(error);
      if (!['cancelled', 'superseded', 'disposed'].includes(known.code)) this.fail(known);
      throw known;
    }
  }

  /**
   * Work on the image, reported as `watch` does. Where the engine has dropped the image it is encoded
   * again, and the work done once more.
   */
  onPicture<T>(work: (picture: string) => Promise<T>): Promise<T> {
    const { picture } = this;
    return this.watch(async () => {
      try {
        return await work(picture);
      } catch (error) {
        if (asSessionError(error).code !== 'image-lost') throw error;
        await this.#renew();
        return work(this.picture);
      }
    });
  }

  fail(error: SessionError | null): void {
    this.#error = error;
    this.changed();
  }

  /** Listeners hear of it when all that belongs to a change is done. */
  changed(): void {
    this.#snapshot = undefined;
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of this.listeners) listener();
    });
  }

  live(): void {
    if (this.#disposed) {
      throw new SessionError('disposed', 'this session was disposed of; make another one');
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.listeners.clear();
    this.#stopListening();
    this.#giveUp(new SessionError('disposed', 'the session was disposed of'));
    this.lane.retarget(null);
    this.lane.giveUp();
    this.setup.dispose();
  }

  #giveUp(reason: SessionError): void {
    this.actions.cancel(reason);
    this.refiner.cancel(reason);
    this.finder.clear(reason);
  }

  #moved({ prompts, candidateIndex }: SessionDocument): void {
    if (prompts !== this.lane.prompts) this.#promptVersion += 1;
    this.lane.ask(prompts, candidateIndex);
    this.changed();
  }

  #accept({ width, height }: EncodedPicture): void {
    const image = this.#image;
    if (image === null || (image.width === width && image.height === height)) return;
    throw new SessionError(
      'invalid-state',
      `an image of ${width}x${height} for a session of ${image.width}x${image.height}; open the ` +
        'image that it was saved with',
    );
  }

  #equipped({ image, model }: Equipment, isNewImage: boolean): void {
    const size = image && { width: image.picture.width, height: image.picture.height };
    if (image !== null && size !== null && (isNewImage || this.#image === null)) {
      const revision = (this.#image?.revision ?? 0) + 1;
      this.#image = { ...size, name: image.name, revision };
      this.#giveUp(new SessionError('superseded', 'another image was opened meanwhile'));
      this.lane.retarget(null);
      this.history.reset({ ...EMPTY_DOCUMENT, operation: this.document.operation });
    } else if (model.name !== this.#modelName && this.#modelName !== undefined) {
      // Another model has other candidates.
      this.history.amend({ candidateIndex: 0, refined: undefined });
    }
    this.#modelName = model.name;
    this.#error = null;
    const { capabilities } = model;
    this.lane.retarget(image && size && { picture: image.picture.id, ...size, capabilities });
    this.changed();
  }

  /** An image that the engine dropped is encoded again; whatever else is wrong is told. */
  #unanswered(error: SessionError): void {
    this.fail(error);
    // What goes wrong then is told by what encodes.
    if (error.code === 'image-lost') this.#renew().catch(() => undefined);
  }

  /** Once for all that miss the image. */
  #renew(): Promise<void> {
    this.#renewal ??= this.setup.recover().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  #phase(): SessionPhase {
    if (this.actions.busy) return 'committing';
    if (this.setup.phase !== null) return this.setup.phase;
    if (!this.setup.current?.image) return 'idle';
    return this.document.prompts.length > 0 ? 'prompting' : 'ready';
  }

  #takeSnapshot(): SessionSnapshot {
    const { prompts, operation, objects, selected } = this.document;
    const { undoLabel, redoLabel } = this.history;
    const model = this.setup.current?.model ?? null;
    return {
      state: this.#phase(),
      pending: this.lane.pending || this.refiner.running,
      progress: this.setup.progress ?? this.refiner.progress,
      error: this.#error,
      model,
      backend: model?.backend ?? null,
      image: this.#image,
      opening: this.setup.opening,
      promptVersion: this.#promptVersion,
      prompts,
      canUndo: undoLabel !== null,
      canRedo: redoLabel !== null,
      undoLabel,
      redoLabel,
      candidates: this.lane.shown?.candidates ?? [],
      candidateIndex: this.candidateIndex,
      draft: this.draft,
      hover: this.lane.hovered,
      operation,
      objects,
      selected,
      everything: this.finder.finding,
    };
  }
}
