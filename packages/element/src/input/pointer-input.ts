import type { Position } from '../view/view.ts';
import { type DragMode, type Gesture, GestureRecognizer, type PointerSample } from './gestures.ts';

/** What turning the wheel does. With Ctrl, as a touchpad's pinch has it, it always zooms. */
export type WheelUse = 'zoom' | 'pan' | 'none';

/** The key that makes a click exclude. */
export type ExcludeKey = 'alt' | 'shift' | 'control';

export interface PointerInputOptions {
  readonly mode: () => DragMode;
  readonly excludeKey: () => ExcludeKey;
  readonly wheel: () => WheelUse;
  readonly gesture: (gesture: Gesture) => void;
  readonly zoom: (factor: number, at: Position) => void;
  readonly pan: (by: Position) => void;
  /** Whether something is pressed. */
  readonly busy: (isBusy: boolean) => void;
  /** Whether the exclude key is down changed. */
  readonly modifier: (held: boolean) => void;
}

/** Largest factor that one event of a wheel zooms by: some send a whole turn at once. */
const WHEEL_LIMIT = 2;

/** Listens to pointers and wheel on an element, in CSS pixels from its top left corner. */
export class PointerInput {
  readonly #element: HTMLElement;
  readonly #options: PointerInputOptions;
  readonly #recognizer: GestureRecognizer;
  readonly #listeners = new AbortController();
  #modifier = false;

  constructor(element: HTMLElement, options: PointerInputOptions) {
    this.#element = element;
    this.#options = options;
    this.#recognizer = new GestureRecognizer(options.mode, options.gesture);
    const { signal } = this.#listeners;
    const on = <Name extends keyof HTMLElementEventMap>(
      name: Name,
      listener: (event: HTMLElementEventMap[Name]) => void,
    ): void => element.addEventListener(name, listener, { signal, passive: false });
    on('pointerdown', (event) => this.#down(event));
    on('pointermove', (event) => this.#move(event));
    on('pointerup', (event) => {
      this.#recognizer.up(this.#sample(event));
      options.busy(this.#recognizer.isBusy);
    });
    on('pointercancel', (event) => {
      this.#recognizer.lost(this.#sample(event));
      options.busy(this.#recognizer.isBusy);
    });
    on('pointerleave', (event) => this.#recognizer.leave(this.#sample(event)));
    on('contextmenu', (event) => {
      if (options.mode() !== 'none') event.preventDefault();
    });
    on('wheel', (event) => this.#wheel(event));
    // A finger that draws must not scroll the page, also where `touch-action` is not known.
    on('touchstart', (event) => {
      if (options.mode() !== 'none' && event.cancelable && this.#recognizer.isBusy) {
        event.preventDefault();
      }
    });
  }

  /** @returns whether there was anything to give up */
  cancel(): boolean {
    return this.#recognizer.cancel();
  }

  dispose(): void {
    this.#recognizer.cancel();
    this.#listeners.abort();
  }

  #down(event: PointerEvent): void {
    const sample = this.#sample(event);
    if (isControl(event) || !this.#recognizer.down(sample)) return;
    this.#options.busy(true);
    try {
      this.#element.setPointerCapture(event.pointerId);
    } catch {
      // One that script made cannot be captured, and is none the worse for it.
    }
    // A middle button would scroll by itself.
    if (event.button === 1) event.preventDefault();
  }

  #move(event: PointerEvent): void {
    this.#noticeModifier(event);
    // Browsers hold back positions between two frames; a lasso wants them all.
    const events = this.#recognizer.isBusy ? (event.getCoalescedEvents?.() ?? []) : [];
    for (const one of events.length > 0 ? events : [event]) {
      this.#recognizer.move(this.#sample(one, event));
    }
  }

  #wheel(event: WheelEvent): void {
    const use = this.#options.wheel();
    if (this.#options.mode() === 'none') return;
    if (use === 'none' && !event.ctrlKey) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (use === 'pan' && !event.ctrlKey) {
      const [x, y] = [event.deltaX * unit, event.deltaY * unit];
      this.#options.pan(event.shiftKey && x === 0 ? { x: -y, y: 0 } : { x: -x, y: -y });
      return;
    }
    // A touchpad's pinch comes in smaller steps.
    const strength = event.ctrlKey && event.deltaMode === 0 ? 0.01 : 0.0022;
    const factor = Math.exp(-event.deltaY * unit * strength);
    this.#options.zoom(
      Math.min(WHEEL_LIMIT, Math.max(1 / WHEEL_LIMIT, factor)),
      this.#placeOf(event),
    );
  }

  #noticeModifier(event: PointerEvent): void {
    const held = this.#isModified(event);
    if (held === this.#modifier) return;
    this.#modifier = held;
    this.#options.modifier(held);
  }

  #isModified(event: PointerEvent): boolean {
    const key = this.#options.excludeKey();
    if (key === 'alt') return event.altKey;
    return key === 'shift' ? event.shiftKey : event.ctrlKey;
  }

  #sample(event: PointerEvent, origin: PointerEvent = event): PointerSample {
    const { pointerType } = event;
    return {
      ...this.#placeOf(event),
      id: origin.pointerId,
      kind: pointerType === 'touch' || pointerType === 'pen' ? pointerType : 'mouse',
      button: origin.button,
      modifier: this.#isModified(origin),
      handle: handleOf(origin),
    };
  }

  #placeOf({ clientX, clientY }: MouseEvent): Position {
    const { left, top, width, height } = this.#element.getBoundingClientRect();
    // A transformed page shows the element larger or smaller than it is.
    const across = this.#element.offsetWidth / width || 1;
    const down = this.#element.offsetHeight / height || 1;
    return { x: (clientX - left) * across, y: (clientY - top) * down };
  }
}

/** The handle that an event went to, `prompt:part`. */
export function handleOf(event: Event): string | undefined {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return undefined;
  return target.closest<HTMLElement>('[data-handle]')?.dataset['handle'];
}

/** A control of ours that is used as one, not drawn upon. */
export function isControl(event: Event): boolean {
  const target = event.composedPath()[0];
  return target instanceof Element && target.closest('[part~=error]') !== null;
}
