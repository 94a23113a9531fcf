import type { PointLabel } from 'samgpu';

import type { ExcludeKey, WheelUse } from './input/pointer-input.ts';
import type { RendererChoice } from './overlay/overlay-layer.ts';
import type { OverlayOptions } from './overlay/snapshot-shapes.ts';
import type { SamCanvasEventMap, SamCanvasEventName } from './sam-canvas-events.ts';
import { englishMessages, type Messages } from './speech/messages.ts';
import { defaultSettings, type StageSettings } from './stage/settings.ts';
import { type Tool, TOOLS } from './tools/prompt-tools.ts';

/** So that importing this package does no harm where there is no DOM. */
const Base: typeof HTMLElement =
  globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

const WHEEL_USES: readonly WheelUse[] = ['zoom', 'pan', 'none'];
const EXCLUDE_KEYS: readonly ExcludeKey[] = ['alt', 'shift', 'control'];
const RENDERERS: readonly RendererChoice[] = ['auto', '2d', 'webgpu'];

/** What of a `<sam-canvas>` is chosen by attributes and properties, picture and model aside. */
export abstract class ConfiguredElement extends Base {
  static readonly observedAttributes: readonly string[] = [
    'alt',
    'tool',
    'label',
    'wheel',
    'exclude-key',
    'renderer',
    'min-zoom',
    'max-zoom',
    'no-preview',
    'disabled',
  ];

  /** @internal */
  protected readonly settings: StageSettings = defaultSettings();

  /** What the picture shows, for people who do not see it. */
  get alt(): string {
    return this.settings.alt;
  }

  set alt(alt: string) {
    this.reflect('alt', alt);
  }

  /** What a pointer does. @defaultValue 'point' */
  get tool(): Tool {
    return this.settings.tool;
  }

  set tool(tool: Tool) {
    this.reflect('tool', tool);
    this.set({ tool: oneOf(TOOLS, tool, 'point') });
  }

  /** What points, lassos and scribbles say. @defaultValue 'include' */
  get label(): PointLabel {
    return this.settings.label;
  }

  set label(label: PointLabel) {
    this.reflect('label', label);
    this.set({ label: label === 'exclude' ? 'exclude' : 'include' });
  }

  /** What turning the wheel does; with Ctrl it always zooms. @defaultValue 'zoom' */
  get wheel(): WheelUse {
    return this.settings.wheel;
  }

  set wheel(wheel: WheelUse) {
    this.reflect('wheel', wheel);
  }

  /** The key that makes a click exclude. @defaultValue 'alt' */
  get excludeKey(): ExcludeKey {
    return this.settings.excludeKey;
  }

  set excludeKey(key: ExcludeKey) {
    this.reflect('exclude-key', key);
  }

  /** Whether what a click would take is shown under the pointer. @defaultValue true */
  get preview(): boolean {
    return this.settings.preview;
  }

  set preview(preview: boolean) {
    this.toggleAttribute('no-preview', !preview);
  }

  /** Whether it only shows. @defaultValue false */
  get disabled(): boolean {
    return this.settings.disabled;
  }

  set disabled(disabled: boolean) {
    this.toggleAttribute('disabled', disabled);
  }

  /** What is drawn over the picture. */
  get overlay(): OverlayOptions {
    return this.settings.overlay;
  }

  set overlay(overlay: OverlayOptions) {
    this.set({ overlay });
  }

  /** Where overlays are drawn. @defaultValue 'auto': on the model's GPU, if it is a real one */
  get renderer(): RendererChoice {
    return this.settings.renderer;
  }

  set renderer(renderer: RendererChoice) {
    this.reflect('renderer', renderer);
  }

  /** What it says, in other words or another language. What is left out stays English. */
  get messages(): Messages {
    return this.settings.messages;
  }

  set messages(messages: Partial<Messages>) {
    this.set({ messages: { ...englishMessages, ...messages } });
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value) return;
    switch (name) {
      case 'alt':
        this.set({ alt: value ?? '' });
        return;
      case 'tool':
        this.set({ tool: oneOf(TOOLS, value, 'point') });
        return;
      case 'label':
        this.set({ label: oneOf(['include', 'exclude'], value, 'include') });
        return;
      case 'wheel':
        this.set({ wheel: oneOf(WHEEL_USES, value, 'zoom') });
        return;
      case 'exclude-key':
        this.set({ excludeKey: oneOf(EXCLUDE_KEYS, value, 'alt') });
        return;
      case 'renderer':
        this.set({ renderer: oneOf(RENDERERS, value, 'auto') });
        return;
      case 'min-zoom':
      case 'max-zoom':
        this.set({ limits: { minimum: this.#zoom('min-zoom'), maximum: this.#zoom('max-zoom') } });
        return;
      case 'no-preview':
        this.set({ preview: value === null });
        return;
      case 'disabled':
        this.set({ disabled: value !== null });
    }
  }

  override addEventListener<Name extends SamCanvasEventName>(
    type: Name,
    listener: (this: HTMLElement, event: SamCanvasEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: HTMLElement, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: never,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  /** @internal Told of every change. */
  protected abstract settingsChanged(): void;

  /** @internal */
  protected set(changed: Partial<StageSettings>): void {
    Object.assign(this.settings, changed);
    this.settingsChanged();
  }

  /** @internal */
  protected reflect(name: string, value: string | null): void {
    if (value === null) this.removeAttribute(name);
    else if (this.getAttribute(name) !== value) this.setAttribute(name, value);
  }

  #zoom(name: string): number | undefined {
    const value = Number.parseFloat(this.getAttribute(name) ?? '');
    return value > 0 ? value : undefined;
  }
}

/** One of the values that there are. */
export function oneOf<Value extends string>(
  values: readonly Value[],
  value: string | null,
  fallback: Value,
): Value {
  return values.find((one) => one === value) ?? fallback;
}
