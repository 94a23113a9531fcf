import {
  type CanvasSession,
  type Engine,
  Session,
  type SessionObject,
  type SessionSnapshot,
} from '@samgpu/session';
import type { BackendChoice, ImageInput } from 'samgpu';

import { ConfiguredElement, oneOf } from './configured-element.ts';
import { SamCanvasError } from './element-error.ts';
import type { Emit, SamCanvasEventName, SamCanvasEvents } from './sam-canvas-events.ts';
import type { ModelInput } from './session/own-session.ts';
import { isSuperseded, SessionSource } from './session/session-source.ts';
import { emitChanges } from './session/snapshot-events.ts';
import { Stage } from './stage/stage.ts';
import { buildTemplate, type Template } from './template.ts';
import type { Position, View } from './view/view.ts';

const BACKENDS: readonly BackendChoice[] = ['auto', 'webgpu', 'onnx'];

/**
 * `<sam-canvas>`: shows a picture, and what a person points at in it.
 *
 * It makes a session of its own from `src` (or `image`) and `model`, or shows one that is given as
 * `session`. All that it holds is freed when it leaves the document.
 */
export class SamCanvas extends ConfiguredElement {
  static override readonly observedAttributes: readonly string[] = [
    ...ConfiguredElement.observedAttributes,
    'src',
    'model',
    'backend',
    'crossorigin',
  ];

  #template: Template | undefined;
  #ratio: CSSStyleSheet | undefined;
  #stage: Stage | null = null;
  #source: SessionSource | null = null;
  #given: CanvasSession | null = null;
  #session: Session | null = null;
  #unsubscribe: (() => void) | null = null;
  #snapshot: SessionSnapshot | null = null;
  #engine: Engine | null = null;
  #model: ModelInput | null = null;
  #image: ImageInput | null = null;
  #imageName = '';
  /** What is wrong with `src`, `image` or `model`. */
  #failure: { readonly message: string; readonly retry: () => void } | null = null;
  readonly #told = new WeakSet<Error>();
  #showing: Promise<void> = Promise.resolve();
  readonly #committed = new WeakSet<SessionObject>();

  /** Address of the picture. Another site has to allow it by CORS headers. */
  get src(): string | null {
    return this.getAttribute('src');
  }

  set src(src: string | null) {
    this.reflect('src', src);
  }

  /** A picture that script has, in any form that `samgpu` reads. It goes before `src`. */
  get image(): ImageInput | null {
    return this.#image;
  }

  set image(image: ImageInput | null) {
    if (image === this.#image) return;
    this.#image = image;
    this.#imageName = '';
    void this.#source?.pictureChanged();
  }

  /**
   * The session that is shown: one that was given, else the element's own; null while the frames of a
   * video are shown.
   */
  get session(): Session | null {
    const shown = this.#shown;
    return shown instanceof Session ? shown : null;
  }

  /**
   * Shares a session, or shows the frames of a video (`VideoSession.canvas`). `src`, `image`, `model` and
   * `engine` are of no effect then.
   */
  set session(session: CanvasSession | null) {
    if (session === this.#given) return;
    this.#given = session;
    if (this.#stage !== null) this.#begin();
  }

  /** Its state; null while there is no session. */
  get snapshot(): SessionSnapshot | null {
    return this.#shown?.snapshot ?? null;
  }

  /** A registered model's name, or a variant. @defaultValue the first that was registered */
  get model(): ModelInput | null {
    return this.#model ?? this.getAttribute('model');
  }

  set model(model: ModelInput | null) {
    if (model === this.model) return;
    this.#model = typeof model === 'string' ? null : model;
    if (typeof model === 'string' || model === null) this.reflect('model', model);
    if (model === null || this.#model !== null) this.#source?.modelChanged();
  }

  /** An engine to run models on, for example in a worker. It stays its owner's. */
  get engine(): Engine | null {
    return this.#engine;
  }

  set engine(engine: Engine | null) {
    if (engine === this.#engine) return;
    this.#engine = engine;
    this.#source?.modelChanged();
  }

  /** Where the model runs. @defaultValue 'auto' */
  get backend(): BackendChoice {
    return oneOf(BACKENDS, this.getAttribute('backend'), 'auto');
  }

  set backend(backend: BackendChoice) {
    this.reflect('backend', backend);
  }

  /** Where overlays are drawn now. */
  get rendererKind(): '2d' | 'webgpu' {
    return this.#stage?.rendererKind ?? '2d';
  }

  /** How the picture lies in the element. Setting it is limited by `min-zoom` and `max-zoom`. */
  get view(): View {
    return this.#stage?.viewport.view ?? { scale: 1, x: 0, y: 0 };
  }

  set view(view: View) {
    this.#stage?.viewport.show(view);
  }

  /** Shows all of the picture, and goes on doing so when the element changes its size. */
  zoomToFit(): void {
    this.#stage?.viewport.fit();
  }

  /** @param at - stays where it is, in CSS pixels of the element. @defaultValue its middle */
  zoomBy(factor: number, at?: Position): void {
    this.#stage?.viewport.zoomBy(factor, at);
  }

  /** @param scale - CSS pixels per pixel of the picture */
  zoomTo(scale: number, at?: Position): void {
    this.#stage?.viewport.zoomTo(scale, at);
  }

  /** @param degrees - clockwise */
  rotateBy(degrees: number): void {
    this.#stage?.viewport.rotateBy(degrees);
  }

  /** Where a pointer is in the picture, in its pixels; it may lie beside it. */
  toImagePoint(pointer: { readonly clientX: number; readonly clientY: number }): Position {
    return this.#stage?.toImage(pointer) ?? { x: Number.NaN, y: Number.NaN };
  }

  /** Reads the custom properties again, after a theme changed them. */
  refreshStyle(): void {
    this.#stage?.refreshStyle();
  }

  /**
   * Opens a picture in the element's session.
   *
   * @returns when it can be pointed at, or when something else took its place; what goes wrong is told
   *   by `sam-error`
   */
  async open(
    image: ImageInput,
    { name = '' }: { readonly name?: string | undefined } = {},
  ): Promise<void> {
    if (this.#given !== null) {
      await this.#given.open(image, { name });
      return;
    }
    this.#image = image;
    this.#imageName = name;
    await this.#source?.pictureChanged();
  }

  /** Resolves when the latest picture is shown, or could not be: for those who show one after another. */
  async whenShown(): Promise<void> {
    await this.#showing.catch(() => undefined);
  }

  override focus(options?: FocusOptions): void {
    this.#template?.stage.focus(options);
  }

  connectedCallback(): void {
    for (const name of [
      'session',
      'image',
      'model',
      'engine',
      'overlay',
      'messages',
      'tool',
      'label',
    ] as const) {
      this.#upgrade(name);
    }
    if (this.#stage !== null) return;
    this.#template ??= this.#build();
    const emit: Emit = (name, detail) => this.#emit(name, detail);
    this.#stage = new Stage(this, this.#template, this.settings, emit);
    this.#begin();
  }

  disconnectedCallback(): void {
    // An element that is moved comes back at once.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  override attributeChangedCallback(
    name: string,
    before: string | null,
    value: string | null,
  ): void {
    if (before === value) return;
    switch (name) {
      case 'src':
        if (this.#image === null) void this.#source?.pictureChanged();
        return;
      case 'model':
        this.#model = null;
        this.#source?.modelChanged();
        return;
      case 'backend':
        this.#source?.modelChanged();
        return;
      default:
        super.attributeChangedCallback(name, before, value);
    }
  }

  protected override settingsChanged(): void {
    this.#stage?.settingsChanged();
  }

  #build(): Template {
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    const template = buildTemplate(root);
    if (root.adoptedStyleSheets.length > 0) {
      this.#ratio = new CSSStyleSheet();
      this.#ratio.replaceSync(':host { aspect-ratio: 3 / 2; }');
      root.adoptedStyleSheets.push(this.#ratio);
    }
    return template;
  }

  /** Shows the session that was given, or makes one. */
  #begin(): void {
    this.#source?.stop();
    this.#source = null;
    this.#mend();
    if (this.#given !== null) {
      this.#show(this.#given);
      return;
    }
    this.#show(null);
    void this.#stage?.showPicture(null);
    this.#source = new SessionSource({
      choices: () => ({
        src: this.src,
        image: this.#image,
        imageName: this.#imageName,
        model: this.model,
        engine: this.#engine,
        backend: this.backend,
        credentials:
          this.getAttribute('crossorigin') === 'use-credentials' ? 'include' : 'same-origin',
      }),
      base: this.baseURI,
      sessionChanged: (session) => {
        this.#session = session;
        this.#show(session);
      },
      showPicture: (image) => this.#showPicture(image),
      failed: (error, retry) => this.#fail(error, retry),
      mended: () => this.#mend(),
    });
    this.#source.start();
  }

  get #shown(): CanvasSession | null {
    return this.#given ?? this.#session;
  }

  #show(session: CanvasSession | null): void {
    this.#unsubscribe?.();
    this.#unsubscribe = session?.subscribe(() => this.#changed(session)) ?? null;
    this.#snapshot = null;
    this.#stage?.attach(session);
    if (session !== null) this.#changed(session);
  }

  #showPicture(image: ImageInput | null): Promise<void> {
    this.#showing = this.#openPicture(image);
    return this.#showing;
  }

  async #openPicture(image: ImageInput | null): Promise<void> {
    await this.#stage?.showPicture(image);
    const size = this.#stage?.pictureSize;
    if (size) this.#ratio?.replaceSync(`:host { aspect-ratio: ${size.width} / ${size.height}; }`);
  }

  #changed(session: CanvasSession): void {
    const stage = this.#stage;
    if (stage === null || session !== this.#shown) return;
    const before = this.#snapshot;
    const now = session.snapshot;
    if (now === before) return;
    this.#snapshot = now;
    const { picture } = session;
    if (picture !== null && picture !== stage.pictureInput) {
      // What is wrong with it the session says, too.
      this.#showPicture(picture).catch(() => undefined);
    }
    stage.snapshotChanged(now);
    stage.status.showWork(now, this.#source?.title ?? '');
    this.#showErrors(now, before);
    emitChanges(before, now, this.#committed, (name, detail) => this.#emit(name, detail));
  }

  #showErrors(now: SessionSnapshot, before: SessionSnapshot | null): void {
    const { error } = now;
    const failure = this.#failure;
    this.#stage?.status.showError(failure?.message ?? error?.message, failure?.retry);
    // While a picture or a model of our own is on its way, its promise tells.
    if (error === null || error === before?.error || isSuperseded(error)) return;
    queueMicrotask(() => this.#tell(error));
  }

  #fail(error: unknown, retry: () => void): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#failure = { message, retry };
    this.#stage?.status.showError(message, retry);
    this.#tell(
      error instanceof Error && 'code' in error
        ? (error as SamCanvasEvents['sam-error']['error'])
        : new SamCanvasError('failed', message, { cause: error }),
    );
  }

  #mend(): void {
    this.#failure = null;
    this.#stage?.status.showError(this.snapshot?.error?.message);
  }

  /** Each error once, however it was heard of. */
  #tell(error: SamCanvasEvents['sam-error']['error']): void {
    const { cause } = error;
    if (this.#told.has(error) || (cause instanceof Error && this.#told.has(cause))) return;
    this.#told.add(error);
    if (cause instanceof Error) this.#told.add(cause);
    this.#emit('sam-error', { error });
  }

  #end(): void {
    this.#source?.stop();
    this.#source = null;
    this.#show(null);
    this.#session = null;
    this.#stage?.dispose();
    this.#stage = null;
  }

  #emit<Name extends SamCanvasEventName>(name: Name, detail: SamCanvasEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** Takes over what was set before the element was defined. */
  #upgrade(
    name: 'session' | 'image' | 'model' | 'engine' | 'overlay' | 'messages' | 'tool' | 'label',
  ): void {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete (this as Partial<SamCanvas>)[name];
    Object.assign(this, { [name]: value });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sam-canvas': SamCanvas;
  }
}
