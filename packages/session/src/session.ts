import { type Box, distinctColors, type Mask, type RgbColor } from '@samgpu/mask';
import type { ImageInput, PointLabel } from 'samgpu';

import { AnswerLane, type HoverPoint } from './answers/answer-lane.ts';
import type { Engine } from './engine/engine.ts';
import type { ModelChoice } from './engine/model-description.ts';
import { History } from './history/history.ts';
import type { Host, HostOutput } from './host/host.ts';
import { applyEdits } from './objects/apply-edits.ts';
import {
  changeObject,
  compact,
  mergeObjects,
  moveObject,
  objectOf,
  removeObjects,
} from './objects/change-objects.ts';
import { makeDraft } from './objects/make-draft.ts';
import { EMPTY_DOCUMENT, type SessionDocument } from './objects/session-document.ts';
import type { MaskEdit, MaskOperation, SessionObject } from './objects/session-object.ts';
import { checked, checkPath, validateBox, validatePoint } from './prompts/check-prompt.ts';
import type { Position, SessionPrompt } from './prompts/session-prompt.ts';
import { type SessionError, SessionError as Failure } from './session-error.ts';
import { type Equipment, Setup } from './setup/setup.ts';
import type { Draft, SessionImage, SessionPhase, SessionSnapshot } from './snapshot.ts';

export interface SessionOptions {
  /** Runs the models. May be shared by sessions; the session does not dispose of it. */
  readonly engine: Engine;
  /** The editor that shows the picture and takes the results. */
  readonly host?: Host;
  /** Most steps that can be taken back. @defaultValue 200 */
  readonly historyLimit?: number;
  /** Names new objects. @defaultValue `Object 1`, `Object 2`, … */
  readonly nameObject?: (number: number) => string;
}

export interface CommitOptions {
  /** Of a new object. */
  readonly name?: string;
  readonly color?: RgbColor;
  /** What the host makes of it. */
  readonly as?: HostOutput;
}

/** One image, one person. Needs no DOM, no worker and no storage. */
export class Session {
  readonly #nameObject: (number: number) => string;
  readonly #setup: Setup;
  readonly #lane: AnswerLane;
  readonly #listeners = new Set<() => void>();
  #history: History<SessionDocument>;
  readonly #historyLimit: number;
  #image: SessionImage | null = null;
  #promptVersion = 0;
  #ids = 0;
  #objectCount = 0;
  #error: SessionError | null = null;
  #committing = false;
  #draftOf: { readonly key: readonly unknown[]; readonly draft: Draft | null } | null = null;
  #snapshot: SessionSnapshot | undefined;
  #disposed = false;

  constructor({ engine, historyLimit = 200, nameObject = (n) => `Object ${n}` }: SessionOptions) {
    this.#nameObject = nameObject;
    this.#historyLimit = historyLimit;
    this.#history = History.of(EMPTY_DOCUMENT, historyLimit);
    const failed = (error: SessionError): void => this.#fail(error);
    this.#lane = new AnswerLane(engine, () => this.#changed(), failed);
    this.#setup = new Setup(engine, {
      changed: () => this.#changed(),
      equipped: (equipment, isNewImage) => this.#equipped(equipment, isNewImage),
      failed,
    });
  }

  /** All that there is to show; a new object after every change. */
  get snapshot(): SessionSnapshot {
    this.#snapshot ??= this.#takeSnapshot();
    return this.#snapshot;
  }

  /**
   * The image that is being opened or, while none is, the one that is open, for those who show it. Prompts
   * belong to the latter: wait for them until `snapshot.opening` is null.
   */
  get picture(): ImageInput | null {
    return this.#setup.picture;
  }

  /** The GPU that the model runs on, for those who draw there. None in workers and on CPUs. */
  get device(): GPUDevice | undefined {
    return this.#setup.device;
  }

  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when no answer is awaited. */
  settled(): Promise<void> {
    return this.#lane.answered();
  }

  /** Loads a model; the image is encoded again, prompts are asked again, objects stay. */
  load(model: ModelChoice | string): Promise<void> {
    this.#live();
    return this.#setup.load(typeof model === 'string' ? { name: model } : model);
  }

  /** Opens an image. Until it is encoded the one before stays; then its prompts and objects go. */
  open(image: ImageInput, { name = '' }: { readonly name?: string } = {}): Promise<void> {
    this.#live();
    return this.#setup.open({ source: image, name, keepDocument: false });
  }

  /** @returns id of the prompt @throws SessionError `invalid-prompt` or `no-image` */
  addPoint(point: { readonly x: number; readonly y: number; readonly label?: PointLabel }): string {
    const { x, y, label } = checked(() => validatePoint(point, this.#opened()));
    return this.#addPrompt({ id: this.#id('p'), kind: 'point', x, y, label }, 'Point');
  }

  /** Sets the box, in place of one that is there. */
  setBox(box: Box): string {
    const valid = checked(() => validateBox(box, this.#opened()));
    return this.#addPrompt({ id: this.#id('p'), kind: 'box', box: valid }, 'Box');
  }

  addLasso(path: readonly Position[], label: PointLabel = 'include'): string {
    const valid = checkPath(path, label, this.#opened(), 3);
    return this.#addPrompt({ id: this.#id('p'), kind: 'lasso', path: valid, label }, 'Lasso');
  }

  addScribble(path: readonly Position[], label: PointLabel = 'include'): string {
    const valid = checkPath(path, label, this.#opened(), 1);
    return this.#addPrompt({ id: this.#id('p'), kind: 'scribble', path: valid, label }, 'Scribble');
  }

  /** Starts from a mask of the image, in place of one that is there. */
  setMask(mask: Mask): string {
    const { width, height } = this.#opened();
    if (mask.width !== width || mask.height !== height) {
      throw new Failure(
        'invalid-prompt',
        `a mask of ${mask.width}x${mask.height} for an image of ${width}x${height}; wanted its size`,
      );
    }
    return this.#addPrompt({ id: this.#id('p'), kind: 'mask', mask }, 'Mask');
  }

  /** @throws SessionError `unknown-prompt` */
  removePrompt(id: string): void {
    const { prompts } = this.#document;
    this.#promptOf(id);
    this.#setPrompts(
      prompts.filter((one) => one.id !== id),
      'Remove prompt',
    );
  }

  /**
   * Moves a point to, or the top left corner of a box, or makes a box another one.
   *
   * @param options - `goOn`: part of the step before, as while a pointer drags
   * @throws SessionError `unknown-prompt`
   */
  movePrompt(
    id: string,
    to: Position | Box,
    { goOn = false }: { readonly goOn?: boolean } = {},
  ): void {
    const prompt = this.#promptOf(id);
    const moved = this.#moved(prompt, to);
    const prompts = this.#document.prompts.map((one) => (one === prompt ? moved : one));
    if (goOn && this.#history.undoLabel === MOVE) {
      this.#amend({ prompts, candidateIndex: 0, refined: undefined });
    } else {
      this.#setPrompts(prompts, MOVE);
    }
  }

  clearPrompts(): void {
    if (this.#document.prompts.length > 0) this.#setPrompts([], 'Clear prompts');
  }

  undo(): void {
    this.#go(this.#history.undo());
  }

  redo(): void {
    this.#go(this.#history.redo());
  }

  /** Previews what a click there would take; null ends the preview. */
  hover(point: HoverPoint | null): void {
    this.#lane.hover(point);
  }

  /** Goes to the next candidate, or the one before. */
  cycle(step: 1 | -1): void {
    const count = this.#lane.shown?.candidates.length ?? 0;
    if (count > 0) this.chooseCandidate((this.#document.candidateIndex + step + count) % count);
  }

  /** @throws SessionError `unknown-candidate` */
  chooseCandidate(index: number): void {
    const answer = this.#lane.shown;
    if (answer?.candidates[index] === undefined) {
      const count = answer?.candidates.length ?? 0;
      throw new Failure('unknown-candidate', `candidate ${index} of ${count}; count from 0`);
    }
    answer.chosen = index;
    this.#amend({ candidateIndex: index, refined: undefined });
  }

  setOperation(operation: MaskOperation): void {
    if (operation !== this.#document.operation) this.#amend({ operation, refined: undefined });
  }

  /** Changes the draft or, without one, the selected object. @throws SessionError `no-draft` */
  edit(edit: MaskEdit): void {
    const { edits, selected } = this.#document;
    const label = EDIT_LABELS[edit.kind];
    if (this.#draft() !== null || this.#lane.pending) {
      this.#push({ edits: [...edits, edit], refined: undefined }, label);
    } else if (selected !== null) {
      const changed = changeObject(this.#document, selected, ({ alpha: _, ...object }) => {
        const { mask, alpha } = applyEdits(object.mask, [edit]);
        return { ...object, mask: compact(mask), ...(alpha && { alpha }) };
      });
      this.#push(changed, label);
    } else {
      throw noDraft();
    }
  }

  /** Makes an object of the draft, or changes the selected one by it. */
  async commit({ name, color }: CommitOptions = {}): Promise<SessionObject> {
    this.#live();
    this.#committing = true;
    this.#changed();
    try {
      await this.#lane.answered();
      const draft = this.#draft();
      if (draft === null) throw noDraft();
      return this.#commitDraft(draft, name, color);
    } finally {
      this.#committing = false;
      this.#changed();
    }
  }

  /** Gives up what is under way; else takes the draft away. */
  cancel(): void {
    const { prompts } = this.#document;
    if (prompts.length > 0) {
      this.#push({ prompts: [], candidateIndex: 0, edits: [], refined: undefined }, 'Cancel');
    } else {
      this.#setup.cancel(new Failure('cancelled', 'cancelled'));
    }
  }

  /** @returns id of the object */
  addObject(mask: Mask, { name, color }: CommitOptions = {}): string {
    const object = this.#newObject({ mask: compact(mask) }, name, color);
    const { objects } = this.#document;
    this.#push({ objects: [...objects, object], selected: object.id }, 'Add object');
    return object.id;
  }

  removeObject(...ids: readonly string[]): void {
    this.#push(removeObjects(this.#document, ids), 'Remove object');
  }

  renameObject(id: string, name: string): void {
    this.#push(
      changeObject(this.#document, id, (one) => ({ ...one, name })),
      'Rename',
    );
  }

  recolorObject(id: string, color: RgbColor): void {
    this.#push(
      changeObject(this.#document, id, (one) => ({ ...one, color })),
      'Recolour',
    );
  }

  setVisible(id: string, visible: boolean): void {
    const label = visible ? 'Show object' : 'Hide object';
    this.#push(
      changeObject(this.#document, id, (one) => ({ ...one, visible })),
      label,
    );
  }

  mergeObjects(ids: readonly string[]): void {
    this.#push(mergeObjects(this.#document, ids), 'Merge objects');
  }

  moveObject(id: string, index: number): void {
    this.#push(moveObject(this.#document, id, index), 'Reorder objects');
  }

  select(id: string | null): void {
    if (id !== null) objectOf(this.#document, id);
    if (id !== this.#document.selected) {
      this.#push({ selected: id, refined: undefined }, id === null ? 'Deselect' : 'Select');
    }
  }

  dismissError(): void {
    this.#error = null;
    this.#changed();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#lane.retarget(null);
    this.#lane.giveUp();
    this.#setup.dispose();
    this.#listeners.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get #document(): SessionDocument {
    return this.#history.present;
  }

  #addPrompt(prompt: SessionPrompt, label: string): string {
    const isSingle = prompt.kind === 'box' || prompt.kind === 'mask';
    const { prompts } = this.#document;
    const others = isSingle ? prompts.filter(({ kind }) => kind !== prompt.kind) : prompts;
    this.#setPrompts([...others, prompt], label);
    return prompt.id;
  }

  #setPrompts(prompts: readonly SessionPrompt[], label: string): void {
    this.#push({ prompts, candidateIndex: 0, refined: undefined }, label);
  }

  #moved(prompt: SessionPrompt, to: Position | Box): SessionPrompt {
    if (prompt.kind === 'point') {
      const { x, y } = checked(() => validatePoint({ x: to.x, y: to.y }, this.#opened()));
      return { ...prompt, x, y };
    }
    if (prompt.kind === 'box') {
      const box = checked(() => validateBox({ ...prompt.box, ...to }, this.#opened()));
      return { ...prompt, box };
    }
    throw new Failure('unsupported', `a ${prompt.kind} cannot be moved; draw another one`);
  }

  #promptOf(id: string): SessionPrompt {
    const prompt = this.#document.prompts.find((one) => one.id === id);
    if (prompt === undefined) {
      throw new Failure('unknown-prompt', `no prompt "${id}"; it may have been removed`);
    }
    return prompt;
  }

  #commitDraft({ mask, alpha, target }: Draft, name?: string, color?: RgbColor): SessionObject {
    const soft = alpha && { alpha };
    const cleared = { prompts: [], candidateIndex: 0, edits: [], refined: undefined };
    const { objects } = this.#document;
    if (target !== null) {
      const { alpha: _, ...before } = objectOf(this.#document, target);
      const object: SessionObject = { ...before, mask: compact(mask), ...soft };
      const changed = objects.map((one) => (one.id === target ? object : one));
      this.#push({ ...cleared, objects: changed }, 'Change object');
      return object;
    }
    const object = this.#newObject({ mask: compact(mask), ...soft }, name, color);
    this.#push({ ...cleared, objects: [...objects, object], selected: object.id }, 'New object');
    return object;
  }

  #newObject(
    parts: Pick<SessionObject, 'mask' | 'alpha'>,
    name?: string,
    color?: RgbColor,
  ): SessionObject {
    this.#objectCount += 1;
    return {
      id: this.#id('o'),
      name: name ?? this.#nameObject(this.#objectCount),
      color: color ?? distinctColors(this.#objectCount).at(-1)!,
      visible: true,
      ...parts,
    };
  }

  #id(kind: string): string {
    this.#ids += 1;
    return `${kind}${this.#ids}`;
  }

  #push(change: Partial<SessionDocument>, label: string): void {
    this.#live();
    this.#go(this.#history.push({ ...this.#document, ...change }, label));
  }

  #amend(change: Partial<SessionDocument>): void {
    this.#live();
    this.#go(this.#history.amend({ ...this.#document, ...change }));
  }

  #go(history: History<SessionDocument>): void {
    if (this.#document.prompts !== history.present.prompts) this.#promptVersion += 1;
    this.#history = history;
    this.#lane.ask(history.present.prompts);
    this.#changed();
  }

  #equipped({ image, model }: Equipment, isNewImage: boolean): void {
    if (image !== null && isNewImage) {
      const { width, height } = image.picture;
      const revision = (this.#image?.revision ?? 0) + 1;
      this.#image = { width, height, name: image.name, revision };
      this.#history = History.of(EMPTY_DOCUMENT, this.#historyLimit);
      this.#promptVersion += 1;
      this.#lane.retarget(null);
      this.#lane.ask(EMPTY_DOCUMENT.prompts);
    }
    this.#error = null;
    const { capabilities } = model;
    this.#lane.retarget(
      image && {
        picture: image.picture.id,
        width: image.picture.width,
        height: image.picture.height,
        capabilities,
      },
    );
    this.#changed();
  }

  #fail(error: SessionError): void {
    this.#error = error;
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener();
  }

  #draft(): Draft | null {
    const document = this.#document;
    const { candidateIndex, edits, refined, operation, objects, selected } = document;
    const candidates = this.#lane.shown?.candidates;
    const candidate = candidates?.[candidateIndex] ?? candidates?.[0];
    const target = objects.find(({ id }) => id === selected)?.mask;
    const key = [candidate, edits, refined, operation, selected, target];
    if (this.#draftOf?.key.every((part, i) => part === key[i]) !== true) {
      const draft = candidate ? makeDraft(candidate.mask, document) : null;
      this.#draftOf = { key, draft };
    }
    return this.#draftOf.draft;
  }

  #phase(): SessionPhase {
    if (this.#committing) return 'committing';
    if (this.#setup.phase !== null) return this.#setup.phase;
    if (!this.#setup.current?.image) return 'idle';
    return this.#document.prompts.length > 0 ? 'prompting' : 'ready';
  }

  #takeSnapshot(): SessionSnapshot {
    const { prompts, candidateIndex, operation, objects, selected } = this.#document;
    const model = this.#setup.current?.model ?? null;
    return {
      state: this.#phase(),
      pending: this.#lane.pending,
      progress: this.#setup.progress,
      error: this.#error,
      model,
      backend: model?.backend ?? null,
      image: this.#image,
      opening: this.#setup.opening,
      promptVersion: this.#promptVersion,
      prompts,
      canUndo: this.#history.undoLabel !== undefined,
      canRedo: this.#history.redoLabel !== undefined,
      undoLabel: this.#history.undoLabel ?? null,
      redoLabel: this.#history.redoLabel ?? null,
      candidates: this.#lane.shown?.candidates ?? [],
      candidateIndex,
      draft: this.#draft(),
      hover: this.#lane.hovered,
      operation,
      objects,
      selected,
      everything: null,
    };
  }

  #opened(): SessionImage {
    this.#live();
    if (this.#image === null) {
      throw new Failure('no-image', 'there is no image to point at yet; open one first');
    }
    return this.#image;
  }

  #live(): void {
    if (this.#disposed) {
      throw new Failure('disposed', 'this session was disposed of; make another one');
    }
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

function noDraft(): SessionError {
  return new Failure('no-draft', 'there is no draft; point at an object, or select one, first');
}
