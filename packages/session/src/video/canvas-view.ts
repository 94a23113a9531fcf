import type { ImageInput } from 'samgpu';

import type { CanvasSession } from '../canvas-session.ts';
import type { SessionObject } from '../objects/session-object.ts';
import { SessionError } from '../session-error.ts';
import type { SessionImage, SessionSnapshot } from '../snapshot.ts';
import type { VideoSession } from './video-session.ts';
import type { FrameMask, OpenVideo, VideoSnapshot } from './video-snapshot.ts';

/** The frame of a video that is shown, as a canvas shows a picture: with masks as its objects. */
export class CanvasView implements CanvasSession {
  readonly #session: VideoSession;
  #video: OpenVideo | null = null;
  #image: SessionImage | null = null;
  #masks: readonly FrameMask[] = [];
  #objects: readonly SessionObject[] = [];
  #made: { readonly from: VideoSnapshot; readonly snapshot: SessionSnapshot } | undefined;
  #promptVersion = 0;

  constructor(session: VideoSession) {
    this.#session = session;
  }

  get snapshot(): SessionSnapshot {
    const from = this.#session.snapshot;
    if (this.#made?.from !== from) this.#made = { from, snapshot: this.#make(from) };
    return this.#made.snapshot;
  }

  get picture(): ImageInput | null {
    return this.#session.snapshot.picture;
  }

  get device(): GPUDevice | undefined {
    return this.#session.device;
  }

  subscribe(listener: () => void): () => void {
    return this.#session.subscribe(listener);
  }

  addPoint: CanvasSession['addPoint'] = (point) => this.#session.addPoint(point);
  setBox: CanvasSession['setBox'] = (box) => this.#session.setBox(box);
  addLasso: CanvasSession['addLasso'] = (path, label) => this.#session.addLasso(path, label);
  addScribble: CanvasSession['addScribble'] = (path, label) =>
    this.#session.addScribble(path, label);
  removePrompt: CanvasSession['removePrompt'] = (id) => this.#session.removePrompt(id);
  movePrompt: CanvasSession['movePrompt'] = (id, to, options) =>
    this.#session.movePrompt(id, to, options);
  undo: CanvasSession['undo'] = () => this.#session.undo();
  redo: CanvasSession['redo'] = () => this.#session.redo();
  select: CanvasSession['select'] = (id) => this.#session.select(id);
  cancel: CanvasSession['cancel'] = () => this.#session.cancel();

  /** What a click would take is not looked for on frames. */
  hover(): void {}

  /** Frames have no alternatives. */
  cycle(): void {}

  /** The object is said: the next click begins another one. */
  commit(): Promise<SessionObject> {
    const { selected, objects } = this.snapshot;
    const object = objects.find(({ id }) => id === selected);
    if (object === undefined) {
      return Promise.reject(
        new SessionError('no-draft', 'nothing is selected; point at something first'),
      );
    }
    this.#session.select(null);
    return Promise.resolve(object);
  }

  open(): Promise<void> {
    return Promise.reject(
      new SessionError('unsupported', 'this shows a video; open videos by its VideoSession'),
    );
  }

  #make(from: VideoSnapshot): SessionSnapshot {
    const { video, masks, prompts, model, backend, error, asking, selected } = from;
    // What did not change stays the same, so that nothing is drawn or told twice.
    if (video?.name !== this.#video?.name || video?.width !== this.#video?.width) {
      const revision = (this.#image?.revision ?? 0) + 1;
      const { width = 0, height = 0, name = '' } = video ?? {};
      this.#image = video && { width, height, name, revision };
    }
    this.#video = video;
    if (masks !== this.#masks) {
      this.#masks = masks;
      this.#objects = masks.map(({ object, mask }) => ({ ...object, mask }));
    }
    if (prompts !== this.#made?.snapshot.prompts) this.#promptVersion += 1;
    const { canUndo, canRedo, undoLabel, redoLabel } = from;
    return {
      state: video === null ? 'idle' : prompts.length > 0 ? 'prompting' : 'ready',
      pending: asking,
      progress: null,
      error,
      model,
      backend,
      image: this.#image,
      opening: null,
      promptVersion: this.#promptVersion,
      prompts,
      canUndo,
      canRedo,
      undoLabel,
      redoLabel,
      candidates: [],
      candidateIndex: 0,
      draft: null,
      hover: null,
      operation: 'new',
      objects: this.#objects,
      selected,
      everything: null,
    };
  }
}
