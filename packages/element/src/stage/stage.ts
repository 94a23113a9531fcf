import type { CanvasSession, SessionSnapshot } from '@samgpu/session';
import { type ImageInput, isSoftwareAdapter } from 'samgpu';

import type { Gesture } from '../input/gestures.ts';
import { handleOf, isControl, PointerInput } from '../input/pointer-input.ts';
import { OverlayLayer } from '../overlay/overlay-layer.ts';
import { shapesOf } from '../overlay/snapshot-shapes.ts';
import { PictureLayer } from '../picture/picture-layer.ts';
import { PromptLayer } from '../prompts/prompt-layer.ts';
import type { Emit } from '../sam-canvas-events.ts';
import { Announcer } from '../speech/announcer.ts';
import { describeChange } from '../speech/describe-change.ts';
import type { Template } from '../template.ts';
import { ColorReader, readTheme } from '../theme.ts';
import { contains, PromptTools } from '../tools/prompt-tools.ts';
import type { Position } from '../view/view.ts';
import { Viewport } from '../view/viewport.ts';
import { KeyboardControl } from './keyboard-control.ts';
import { Screen } from './screen.ts';
import type { StageSettings } from './settings.ts';
import { StatusDisplay } from './status-display.ts';

/** What of the screen is to be drawn again. */
interface Stale {
  picture: boolean;
  overlay: boolean;
  prompts: boolean;
}

/** How long a view has rested when it is said to be still, in milliseconds. */
const STILL_AFTER = 120;

/** All that is seen of a connected element, and all that can be done to it. */
export class Stage {
  readonly viewport: Viewport;
  readonly status: StatusDisplay;
  readonly announcer: Announcer;
  readonly #host: HTMLElement;
  readonly #template: Template;
  readonly #settings: StageSettings;
  readonly #emit: Emit;
  readonly #picture: PictureLayer;
  readonly #overlay: OverlayLayer;
  readonly #prompts: PromptLayer;
  readonly #tools: PromptTools;
  readonly #screen: Screen;
  readonly #pointer: PointerInput;
  readonly #keyboard: KeyboardControl;
  readonly #colors: ColorReader;
  readonly #listeners = new AbortController();
  readonly #reducedMotion: MediaQueryList;
  readonly #stale: Stale = { picture: true, overlay: true, prompts: true };
  #frame: number | undefined;
  #moving: ReturnType<typeof setTimeout> | undefined;
  #session: CanvasSession | null = null;
  #snapshot: SessionSnapshot | null = null;
  #pointed: Position | null = null;
  #modifier = false;

  constructor(host: HTMLElement, template: Template, settings: StageSettings, emit: Emit) {
    this.#host = host;
    this.#template = template;
    this.#settings = settings;
    this.#emit = emit;
    const document = host.ownerDocument;
    const { signal } = this.#listeners;
    this.viewport = new Viewport(() => this.#viewChanged());
    this.announcer = new Announcer(template.live);
    this.status = new StatusDisplay(template, settings);
    this.#colors = new ColorReader(document);
    this.#picture = new PictureLayer(template.image, () => this.#invalidate('picture'));
    this.#overlay = new OverlayLayer(template.overlay);
    this.#prompts = new PromptLayer(template.drawings, template.handles);
    this.#tools = new PromptTools(
      () => ({
        session: this.#usableSession,
        tool: settings.tool,
        label: settings.label,
        pixel: 1 / this.viewport.view.scale,
      }),
      (drawing) => this.#prompts.showDrawing(drawing),
    );
    this.#pointer = new PointerInput(template.frame, {
      mode: () => this.#dragMode(),
      excludeKey: () => settings.excludeKey,
      wheel: () => settings.wheel,
      gesture: (gesture) => this.#gesture(gesture),
      zoom: (factor, at) => this.viewport.zoomBy(factor, at),
      pan: (by) => this.viewport.panBy(by),
      busy: (isBusy) => template.frame.toggleAttribute('data-busy', isBusy),
      modifier: (held) => {
        this.#modifier = held;
        this.#hover();
      },
    });
    this.#keyboard = new KeyboardControl({
      template,
      settings,
      emit,
      viewport: this.viewport,
      tools: this.#tools,
      prompts: this.#prompts,
      announcer: this.announcer,
      session: () => this.#usableSession,
      giveUpPointer: () => this.#pointer.cancel(),
      pointed: (at) => {
        this.#pointed = at;
        this.#hover();
      },
      settingsChanged: () => this.settingsChanged(),
      signal,
    });
    this.#reducedMotion = document.defaultView!.matchMedia('(prefers-reduced-motion: reduce)');
    const motion = (): void => {
      this.#overlay.moves = !this.#reducedMotion.matches;
    };
    this.#reducedMotion.addEventListener('change', motion, { signal });
    motion();
    const scheme = document.defaultView!.matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', () => this.refreshStyle(), { signal });
    // Who points needs no ring around what has the focus.
    const pointed = (isPointed: boolean): void => {
      template.frame.toggleAttribute('data-pointed', isPointed);
    };
    template.frame.addEventListener('pointerdown', () => pointed(true), { signal });
    template.frame.addEventListener('keydown', () => pointed(false), { signal });
    template.stage.addEventListener('blur', () => pointed(false), { signal });
    template.frame.addEventListener('mousedown', (event) => this.#takeFocus(event), { signal });
    template.handles.addEventListener('click', (event) => this.#assistedClick(event), { signal });
    this.#screen = new Screen(template.frame, (screen) => this.#resized(screen));
    this.settingsChanged();
  }

  get rendererKind(): '2d' | 'webgpu' {
    return this.#overlay.rendererKind;
  }

  /** Shows another session; null shows none. */
  attach(session: CanvasSession | null): void {
    this.#tools.putBack();
    this.#tools.cancelDrawing();
    this.#session = session;
    this.#snapshot = null;
  }

  /**
   * Shows a picture; the latest counts.
   *
   * @throws ImageError
   */
  async showPicture(input: ImageInput | null): Promise<void> {
    if (input === null) {
      this.#picture.close();
      this.viewport.showImage(null);
      this.#invalidate('picture', 'overlay', 'prompts');
      return;
    }
    if (!(await this.#picture.open(input))) return;
    this.viewport.showImage(this.#picture.size);
    this.#invalidate('picture', 'overlay', 'prompts');
  }

  /** What the picture that is shown was made from. */
  get pictureInput(): ImageInput | null {
    return this.#picture.input;
  }

  get pictureSize(): { readonly width: number; readonly height: number } | null {
    return this.#picture.size;
  }

  snapshotChanged(snapshot: SessionSnapshot): void {
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    if (snapshot.prompts !== before?.prompts || snapshot.image !== before?.image) {
      this.#invalidate('prompts');
    }
    this.#invalidate('overlay');
    for (const [topic, text] of describeChange(before, snapshot, this.#settings.messages)) {
      this.announcer.say(topic, text);
    }
    this.#updateWaiting();
    // After the loss of a device the model runs on another one.
    if (snapshot.draft !== before?.draft || snapshot.model !== before?.model) {
      this.#chooseRenderer();
    }
    if (snapshot.image !== before?.image) this.#hover();
  }

  settingsChanged(): void {
    const template = this.#template;
    const { messages, alt, tool, label, disabled, limits } = this.#settings;
    template.stage.setAttribute('aria-label', alt === '' ? messages.picture : alt);
    template.stage.setAttribute('aria-roledescription', messages.role);
    template.stage.tabIndex = disabled || tool === 'none' ? -1 : 0;
    template.instructions.textContent = messages.instructions;
    template.retry.textContent = messages.tryAgain;
    template.frame.dataset['tool'] = disabled ? 'none' : tool;
    template.cursor.dataset['label'] = label;
    this.viewport.limitOptions = limits;
    this.#hover();
    this.#chooseRenderer();
    this.#invalidate('overlay', 'prompts');
  }

  /** Reads the custom properties again. */
  refreshStyle(): void {
    this.#invalidate('overlay');
  }

  /** Where a pointer is in the picture, in its pixels. */
  toImage({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Position {
    const { left, top } = this.#template.frame.getBoundingClientRect();
    return this.viewport.toImage({ x: clientX - left, y: clientY - top });
  }

  dispose(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#moving);
    this.#listeners.abort();
    this.#session?.hover(null);
    this.#session = null;
    this.#pointer.dispose();
    this.#screen.dispose();
    this.#overlay.dispose();
    this.#picture.dispose();
    this.#prompts.showPrompts([], this.#settings.messages);
    this.#prompts.showDrawing(null);
    this.announcer.dispose();
    this.status.dispose();
  }

  /** The session, once its image is the picture that is shown. */
  get #usableSession(): CanvasSession | undefined {
    const snapshot = this.#snapshot;
    if (this.#settings.disabled || this.#session === null || snapshot === null) return undefined;
    return snapshot.image !== null && snapshot.opening === null ? this.#session : undefined;
  }

  #dragMode(): 'tap' | 'draw' | 'pan' | 'none' {
    const { tool, disabled } = this.#settings;
    if (disabled || tool === 'none') return 'none';
    if (tool === 'pan') return 'pan';
    if (tool === 'point' || this.#usableSession === undefined) return 'tap';
    return 'draw';
  }

  #gesture(gesture: Gesture): void {
    const { viewport } = this;
    const tools = this.#tools;
    if (gesture.type !== 'hover' && gesture.type !== 'leave') this.#keyboard.hideCursor();
    switch (gesture.type) {
      case 'hover':
        this.#keyboard.hideCursor();
        this.#pointed = gesture.at;
        this.#hover();
        return;
      case 'leave':
        this.#pointed = null;
        this.#hover();
        return;
      case 'tap':
        this.#guard(() => tools.tap(viewport.toImage(gesture.at), gesture.opposite));
        return;
      case 'draw-start':
        tools.begin(viewport.toImage(gesture.at), gesture.opposite);
        return;
      case 'draw':
        tools.extend(viewport.toImage(gesture.at));
        return;
      case 'draw-end':
        this.#guard(() => tools.end());
        return;
      case 'draw-cancel':
        tools.cancelDrawing();
        return;
      case 'pan':
        viewport.panBy(gesture.by);
        return;
      case 'pinch':
        viewport.pinch(gesture.from, gesture.to);
        return;
      case 'grab-start':
        tools.grab(gesture.handle, viewport.toImage(gesture.at));
        this.#prompts.mark(null, gesture.handle);
        return;
      case 'grab':
        this.#guard(() => tools.drag(viewport.toImage(gesture.at)));
        return;
      case 'grab-end':
        tools.drop();
        this.#prompts.mark(null, null);
        return;
      case 'grab-cancel':
        this.#guard(() => tools.putBack());
        this.#prompts.mark(null, null);
        return;
      case 'handle-tap':
        this.#guard(() => tools.tapHandle(gesture.handle));
    }
  }

  /** What a session refuses is told like what fails later. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.status.refused(error);
      this.#emit('sam-error', { error: error as never });
    }
  }

  #hover(): void {
    const session = this.#usableSession;
    if (session === undefined) return;
    const { preview, tool, label } = this.#settings;
    const at = this.#pointed && this.viewport.toImage(this.#pointed);
    const { image } = session.snapshot;
    const isWanted = preview && tool === 'point' && at !== null && image !== null;
    if (!isWanted || !contains(image, at)) {
      session.hover(null);
      return;
    }
    const opposite = label === 'include' ? 'exclude' : 'include';
    session.hover({ ...at, label: this.#modifier ? opposite : label });
  }

  #takeFocus(event: MouseEvent): void {
    if (this.#dragMode() === 'none' || isControl(event)) return;
    // The focus stays on the stage, so that keys go on working whatever was pressed.
    event.preventDefault();
    this.#template.stage.focus({ preventScroll: true });
  }

  /** Pressed by a screen reader or a key, not by a pointer. */
  #assistedClick(event: MouseEvent): void {
    const handle = handleOf(event);
    if (event.detail !== 0 || handle === undefined) return;
    this.#guard(() => this.#tools.tapHandle(handle));
    this.#template.stage.focus({ preventScroll: true });
  }

  #resized(screen: Screen): void {
    this.viewport.resize(screen.size);
    this.#overlay.resize(screen.canvasSize, screen.pixelRatio);
    // At once: a canvas of another size is empty until it is drawn.
    this.#stale.picture = this.#stale.overlay = this.#stale.prompts = true;
    this.#draw();
  }

  #viewChanged(): void {
    // A moment after the last change all is drawn once more, and well.
    clearTimeout(this.#moving);
    this.#moving = setTimeout(() => {
      this.#moving = undefined;
      this.#invalidate('picture', 'overlay');
    }, STILL_AFTER);
    this.#invalidate('picture', 'overlay', 'prompts');
    this.#keyboard?.viewChanged();
    this.#emit('sam-view', { view: this.viewport.view });
  }

  #updateWaiting(): void {
    const isWaiting = this.#session !== null && this.#usableSession === undefined;
    this.#template.frame.toggleAttribute('data-waiting', isWaiting && !this.#settings.disabled);
  }

  #chooseRenderer(): void {
    const { renderer } = this.#settings;
    const device = renderer === '2d' ? undefined : this.#session?.device;
    const isReal = device !== undefined && !isSoftwareAdapter(device.adapterInfo);
    void this.#overlay.useDevice(isReal || renderer === 'webgpu' ? device : undefined);
  }

  #invalidate(...parts: (keyof Stale)[]): void {
    for (const part of parts) this.#stale[part] = true;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #draw(): void {
    const { viewport } = this;
    const size = this.#screen?.canvasSize;
    if (size === undefined) return;
    const { pixelRatio } = this.#screen;
    const { view } = viewport;
    const stale = { ...this.#stale };
    this.#stale.picture = this.#stale.overlay = this.#stale.prompts = false;
    const isMoving = this.#moving !== undefined;
    if (stale.picture) this.#picture.draw(view, pixelRatio, size, isMoving);
    const snapshot = this.#snapshot;
    const image = this.#usableImage();
    if (stale.prompts) {
      const prompts = image === null ? [] : snapshot!.prompts;
      this.#prompts.showPrompts(prompts, this.#settings.messages);
      this.#prompts.place(view);
    }
    if (stale.overlay) {
      const theme = readTheme(getComputedStyle(this.#host), this.#colors);
      const { overlay, preview } = this.#settings;
      const shown = preview ? overlay : { ...overlay, hover: false };
      const shapes = image === null ? [] : shapesOf(snapshot!, theme, shown);
      this.#overlay.draw({ shapes, line: theme.line, view, isMoving });
    }
  }

  /** The image of the session, if it is the one that is shown. */
  #usableImage(): SessionSnapshot['image'] {
    const { image = null, opening } = this.#snapshot ?? { opening: null };
    const shown = this.#picture.size;
    const isShown = shown?.width === image?.width && shown?.height === image?.height;
    return opening === null && isShown ? image : null;
  }
}
