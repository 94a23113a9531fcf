import type { Box, Mask, RgbColor } from '@samgpu/mask';
import type { ImageInput, Point, PointLabel } from 'samgpu';

import type { HoverPoint } from './answers/answer-lane.ts';
import { commit } from './commit.ts';
import { refineEdges } from './edges/refine-edges.ts';
import type { Engine, EverythingRequest, MatteRequest } from './engine/engine.ts';
import type { ModelChoice } from './engine/model-description.ts';
import type { Host } from './host/host.ts';
import * as change from './objects/change-objects.ts';
import { editObject } from './objects/commit-draft.ts';
import type { NamedMask } from './objects/object-maker.ts';
import { NO_DRAFT, type SessionDocument } from './objects/session-document.ts';
import type { MaskEdit, MaskOperation, SessionObject } from './objects/session-object.ts';
import * as make from './prompts/make-prompt.ts';
import type { Position, SessionPrompt } from './prompts/session-prompt.ts';
import { SessionCore } from './session-core.ts';
import { SessionError } from './session-error.ts';
import type { CommitOptions, OpenOptions, SessionOptions } from './session-options.ts';
import type { FoundItem, SessionImage, SessionSnapshot } from './snapshot.ts';
import { restoreState } from './state/restore-state.ts';
import { saveState } from './state/save-state.ts';
import type { SessionState } from './state/session-state.ts';

/**
 * One image, one person. Needs no DOM, no worker and no storage.
 *
 * What a person does takes effect at once in `snapshot`; answers of the model come later, and those
 * that are no longer wanted are dropped. Methods throw a `SessionError` for what makes no sense; what
 * fails later is in `snapshot.error`, and rejects the promise where there is one.
 */
export class Session {
  readonly host: Host | undefined;
  readonly #engine: Engine;
  readonly #core: SessionCore;

  constructor(options: SessionOptions) {
    this.host = options.host;
    this.#engine = options.engine;
    this.#core = new SessionCore(options);
  }

  /**
   * A session with the prompts and objects of a saved one. Load a model, then open its image with
   * `keepDocument`; until then objects can be looked at and edited.
   *
   * @throws SessionError `invalid-state`
   */
  static restore(state: SessionState, options: SessionOptions): Session {
    const restored = restoreState(state);
    const session = new Session(options);
    session.#core.restore(restored);
    return session;
  }

  /** All that there is to show; a new object after every change. */
  get snapshot(): SessionSnapshot {
    return this.#core.snapshot;
  }

  /**
   * The image that is being opened or, while none is, the one that is open, for those who show it. Prompts
   * belong to the latter: wait for them until `snapshot.opening` is null.
   */
  get picture(): ImageInput | null {
    return this.#core.setup.picture;
  }

  /** The GPU that the model runs on, for those who draw there. None in workers and on CPUs. */
  get device(): GPUDevice | undefined {
    return this.#core.setup.device;
  }

  /**
   * Calls the listener after every change, once for all that belongs together.
   *
   * @returns ends the subscription
   */
  subscribe(listener: () => void): () => void {
    this.#core.listeners.add(listener);
    return () => this.#core.listeners.delete(listener);
  }

  /** Resolves when no answer is awaited and the editor has followed. */
  async settled(): Promise<void> {
    await this.#core.actions.idle();
    await this.#core.lane.answered();
    await this.#core.history.effectsDone();
  }

  /**
   * Loads a model. What was loaded before stays until the new one is ready and has encoded the image;
   * then prompts are asked again. Objects stay. A newer call takes the place of one under way.
   */
  async load(model: ModelChoice | string): Promise<void> {
    this.#core.live();
    await this.#core.setup.load(typeof model === 'string' ? { name: model } : model);
  }

  /**
   * Opens an image. The one before stays until the new one is encoded; then its prompts, objects and
   * history go. A newer call takes the place of one under way.
   *
   * @param image - kept, to be encoded again for another model: it must not change
   */
  async open(
    image: ImageInput,
    { name = '', keepDocument = false }: OpenOptions = {},
  ): Promise<void> {
    this.#core.live();
    await this.#core.setup.open({ source: image, name, keepDocument });
  }

  /** @returns id of the prompt @throws SessionError `invalid-prompt` or `no-image` */
  addPoint(point: Point): string {
    return this.#addPrompt('Point', (id, image) => make.pointPrompt(id, point, image));
  }

  /** Sets the box, in place of one that is there. @returns id of the prompt */
  setBox(box: Box): string {
    return this.#addPrompt('Box', (id, image) => make.boxPrompt(id, box, image));
  }

  /** A closed outline drawn by hand. @returns id of the prompt */
  addLasso(path: readonly Position[], label: PointLabel = 'include'): string {
    return this.#addPrompt('Lasso', (id, image) => make.lassoPrompt(id, path, label, image));
  }

  /** A stroke drawn by hand. @returns id of the prompt */
  addScribble(path: readonly Position[], label: PointLabel = 'include'): string {
    return this.#addPrompt('Scribble', (id, image) => make.scribblePrompt(id, path, label, image));
  }

  /** Starts from a mask of the image, in place of one that is there. @returns id of the prompt */
  setMask(mask: Mask): string {
    return this.#addPrompt('Mask', (id, image) => make.maskPrompt(id, mask, image));
  }

  /** @throws SessionError `unknown-prompt` */
  removePrompt(id: string): void {
    this.#core.act(() => {
      const prompt = this.#promptOf(id);
      const prompts = this.#document.prompts.filter((one) => one !== prompt);
      this.#setPrompts(prompts, 'Remove prompt');
    });
  }

  /**
   * Moves a point, or the top left corner of a box, or makes a box another one.
   *
   * @param options - `goOn`: part of the step before, as while a pointer drags
   * @throws SessionError `unknown-prompt`
   */
  movePrompt(
    id: string,
    to: Position | Box,
    { goOn = false }: { readonly goOn?: boolean } = {},
  ): void {
    this.#core.act(() => {
      const prompt = this.#promptOf(id);
      const moved = make.movedPrompt(prompt, to, this.#core.image);
      const prompts = this.#document.prompts.map((one) => (one === prompt ? moved : one));
      const { history } = this.#core;
      if (goOn && history.undoLabel === MOVE) {
        history.amend({ prompts, candidateIndex: 0, refined: undefined });
      } else {
        this.#setPrompts(prompts, MOVE);
      }
    });
  }

  clearPrompts(): void {
    this.#core.act(() => {
      if (this.#document.prompts.length > 0) this.#setPrompts([], 'Clear prompts');
    });
  }

  undo(): void {
    this.#core.act(() => this.#core.history.undo());
  }

  redo(): void {
    this.#core.act(() => this.#core.history.redo());
  }

  /** Previews what a click there would take, of whichever label; null ends the preview. */
  hover(point: HoverPoint | null): void {
    this.#core.live();
    this.#core.lane.hover(point);
  }

  /** Goes to the next candidate, or the one before. */
  cycle(step: 1 | -1): void {
    this.#core.act(() => {
      const count = this.#core.lane.shown?.candidates.length ?? 0;
      if (count > 0) this.#choose((this.#core.candidateIndex + step + count) % count);
    });
  }

  /** @throws SessionError `unknown-candidate` */
  chooseCandidate(index: number): void {
    this.#core.act(() => this.#choose(index));
  }

  /** How the draft meets the selected object, from now on. */
  setOperation(operation: MaskOperation): void {
    this.#core.act(() => {
      if (operation !== this.#document.operation) {
        this.#core.history.amend({ operation, refined: undefined });
      }
    });
  }

  /**
   * Changes the draft or, without one, the selected object.
   *
   * @throws SessionError `no-draft`, `invalid-edit`
   */
  edit(edit: MaskEdit): void {
    checkEdit(edit);
    this.#change(EDIT_LABELS[edit.kind], (document) =>
      document.prompts.length > 0
        ? { edits: [...document.edits, edit], refined: undefined }
        : editObject(document, edit),
    );
  }

  /**
   * Refines the edges of the draft or, without one, of the selected object. What changes the mask
   * meanwhile makes the result useless: it is dropped, and the call rejects with `superseded`.
   *
   * @throws SessionError `no-draft`, `unsupported`
   */
  refineEdges(request: MatteRequest = {}): Promise<void> {
    return refineEdges(this.#core, request);
  }

  /**
   * Makes an object of the draft, or changes the selected one by it: waits for the model's answer, and
   * hands the result to the host. What is done meanwhile comes after it.
   *
   * @throws SessionError `no-draft`, `host-failed`, `cancelled`
   */
  async commit(options: CommitOptions = {}): Promise<SessionObject> {
    this.#core.live();
    return this.#core.actions.exclusive(() => commit(this.#core, this.host, options));
  }

  /** Gives up the latest thing that takes long; where nothing does, takes the draft away. */
  cancel(): void {
    this.#core.live();
    const { actions, refiner, finder, setup } = this.#core;
    const reason = new SessionError('cancelled', 'it was cancelled');
    if (actions.cancel(reason) || refiner.cancel(reason) || finder.cancel(reason)) return;
    if (this.#document.prompts.length > 0) this.#change('Cancel', () => NO_DRAFT);
    else setup.cancel(reason);
  }

  /** Finds all objects, into `snapshot.everything`; `take` makes objects of them. */
  async everything(request: EverythingRequest = {}): Promise<readonly FoundItem[]> {
    const { finder } = this.#core;
    return this.#core.onPicture((picture) => finder.everything(picture, request));
  }

  /**
   * Finds objects by words into `snapshot.everything`, where `snapshot.model.capabilities.text` says
   * that it can; `take` makes objects of them, named by their labels.
   */
  async findText(words: string): Promise<readonly FoundItem[]> {
    const { finder } = this.#core;
    return this.#core.onPicture((picture) => finder.text(picture, words));
  }

  /** Makes objects of what was found, as one step. @returns their ids @throws `unknown-found` */
  take(...ids: readonly string[]): string[] {
    const found = ids.map((id): NamedMask => {
      const { mask, label } = this.#core.finder.itemOf(id);
      return { mask, ...(label !== undefined && { name: label }) };
    });
    return this.#addObjects(found, found.length === 1 ? 'Take object' : 'Take objects');
  }

  /** Ends a search and forgets what was found. */
  clearFound(): void {
    this.#core.finder.clear(new SessionError('cancelled', 'the search was given up'));
  }

  /** @returns id of the object, which is selected */
  addObject(object: NamedMask): string {
    make.maskPrompt('', object.mask, this.#core.image);
    return this.#addObjects([object], 'Add object')[0]!;
  }

  /** @throws SessionError `unknown-object`, as all that take ids of objects */
  removeObject(...ids: readonly string[]): void {
    this.#change('Remove object', (document) => change.removeObjects(document, ids));
  }

  renameObject(id: string, name: string): void {
    this.#changeObject('Rename', id, { name });
  }

  recolorObject(id: string, color: RgbColor): void {
    this.#changeObject('Recolour', id, { color });
  }

  setVisible(id: string, visible: boolean): void {
    this.#changeObject(visible ? 'Show object' : 'Hide object', id, { visible });
  }

  /** Joins objects into the first of those given, which is selected. */
  mergeObjects(ids: readonly string[]): void {
    this.#change('Merge objects', (document) => change.mergeObjects(document, ids));
  }

  /** @param index - from 0, back to front */
  reorderObject(id: string, index: number): void {
    this.#change('Reorder objects', (document) => change.reorderObject(document, id, index));
  }

  /** Selects the object that edits and operations apply to; null for none. */
  select(id: string | null): void {
    this.#change(id === null ? 'Deselect' : 'Select', (document) => {
      if (id !== null) change.objectOf(document, id);
      return id === document.selected ? document : { selected: id, refined: undefined };
    });
  }

  /** After `engine-lost`: starts the engine anew, loads the model and encodes the image again. */
  async recover(): Promise<void> {
    this.#core.live();
    await this.#core.watch(() => this.#engine.restart());
    const recovered = this.#core.setup.recover();
    this.#core.lane.retry();
    await recovered;
  }

  dismissError(): void {
    this.#core.fail(null);
  }

  /** The session as plain data. @throws SessionError `no-image` */
  save(): SessionState {
    const { image, setup, document, makers } = this.#core;
    return saveState(image, setup.current?.choice ?? null, document, makers.counts);
  }

  /** Gives up what is under way and frees model and image. Engine and host are their owner's. */
  dispose(): void {
    this.#core.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get #document(): SessionDocument {
    return this.#core.document;
  }

  #change(label: string, make: (document: SessionDocument) => Partial<SessionDocument>): void {
    this.#core.act(() => {
      const changed = make(this.#document);
      if (changed !== this.#document) this.#core.history.push(changed, label);
    });
  }

  #changeObject(label: string, id: string, changed: Partial<SessionObject>): void {
    this.#change(label, (document) =>
      change.changeObject(document, id, (object) => ({ ...object, ...changed })),
    );
  }

  #addPrompt(label: string, make: (id: string, image: SessionImage) => SessionPrompt): string {
    const prompt = make(this.#core.makers.id('p'), this.#core.image);
    this.#core.act(() => {
      const { prompts } = this.#document;
      const isOnly = prompt.kind === 'box' || prompt.kind === 'mask';
      const others = isOnly ? prompts.filter(({ kind }) => kind !== prompt.kind) : prompts;
      this.#setPrompts([...others, prompt], label);
    });
    return prompt.id;
  }

  #setPrompts(prompts: readonly SessionPrompt[], label: string): void {
    const changed = { ...(prompts.length === 0 && NO_DRAFT), prompts };
    this.#core.history.push({ ...changed, candidateIndex: 0, refined: undefined }, label);
  }

  #promptOf(id: string): SessionPrompt {
    const prompt = this.#document.prompts.find((one) => one.id === id);
    if (prompt !== undefined) return prompt;
    throw new SessionError('unknown-prompt', `no prompt "${id}"; it may have been removed`);
  }

  #choose(index: number): void {
    const { lane, history } = this.#core;
    if (lane.shown?.candidates[index] === undefined) {
      const count = lane.shown?.candidates.length ?? 0;
      throw new SessionError('unknown-candidate', `candidate ${index} of ${count}, from 0`);
    }
    history.amend({ candidateIndex: index, refined: undefined });
  }

  #addObjects(named: readonly NamedMask[], label: string): string[] {
    const made = named.map((one) => this.#core.makers.make(one));
    const selected = made.at(-1)?.id;
    if (selected !== undefined) {
      this.#change(label, ({ objects }) => ({
        objects: [...objects, ...made],
        selected,
        refined: undefined,
      }));
    }
    return made.map(({ id }) => id);
  }
}

const MOVE = 'Move prompt';

const EDIT_LABELS: Readonly<Record<MaskEdit['kind'], string>> = {
  grow: 'Grow',
  shrink: 'Shrink',
  feather: 'Feather',
  smooth: 'Smooth',
  'fill-holes': 'Fill holes',
  'drop-islands': 'Drop islands',
  invert: 'Invert',
};

function checkEdit(edit: MaskEdit): void {
  const amount = edit.kind === 'invert' ? 0 : (edit.amount ?? 0);
  if (!(edit.kind in EDIT_LABELS) || !(amount >= 0 && amount < Infinity)) {
    throw new SessionError(
      'invalid-edit',
      `edit ${edit.kind} by ${amount}; wanted a known kind and a number of pixels from 0 on`,
    );
  }
}
