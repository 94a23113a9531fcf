import type { FingerPair } from '../view/pinch.ts';
import type { Position } from '../view/view.ts';

export type PointerKind = 'mouse' | 'touch' | 'pen';

/** One event of a pointer, in CSS pixels of the element. */
export interface PointerSample extends Position {
  readonly id: number;
  readonly kind: PointerKind;
  /** As `PointerEvent.button`: 0 main, 1 middle, 2 right or a pen's barrel, 5 a pen's eraser. */
  readonly button: number;
  /** Whether the key that turns include into exclude is held. */
  readonly modifier: boolean;
  /** The handle under the pointer, if there is one. */
  readonly handle?: string | undefined;
}

/** What moving a pressed pointer does: with `tap` and `pan` it moves the view, with `draw` it draws. */
export type DragMode = 'tap' | 'draw' | 'pan' | 'none';

/** What a person did. `opposite`: with the right button, the modifier, or a long press. */
export type Gesture =
  | { readonly type: 'hover'; readonly at: Position }
  | { readonly type: 'leave' }
  | { readonly type: 'tap'; readonly at: Position; readonly opposite: boolean }
  | { readonly type: 'draw-start'; readonly at: Position; readonly opposite: boolean }
  | { readonly type: 'draw'; readonly at: Position }
  | { readonly type: 'draw-end' }
  | { readonly type: 'draw-cancel' }
  | { readonly type: 'pan'; readonly by: Position }
  | { readonly type: 'pinch'; readonly from: FingerPair; readonly to: FingerPair }
  | { readonly type: 'grab-start'; readonly handle: string; readonly at: Position }
  | { readonly type: 'grab'; readonly handle: string; readonly at: Position }
  | { readonly type: 'grab-end'; readonly handle: string }
  | { readonly type: 'grab-cancel'; readonly handle: string }
  | { readonly type: 'handle-tap'; readonly handle: string };

/** How long a finger rests until it means the opposite, in milliseconds. */
export const LONG_PRESS: number = 500;

/** How far a pointer may stray, in CSS pixels, and still be said to rest. */
const SLOP: Readonly<Record<PointerKind, number>> = { mouse: 4, pen: 6, touch: 10 };

type State =
  | { readonly type: 'idle' }
  /** Down, and not known yet whether it will be a tap or a drag. */
  | {
      readonly type: 'pressed';
      readonly start: PointerSample;
      readonly mode: DragMode;
      readonly opposite: boolean;
    }
  | { readonly type: 'drawing'; readonly id: number; readonly kind: PointerKind }
  | { readonly type: 'panning'; readonly id: number }
  | { readonly type: 'grabbing'; readonly id: number; readonly handle: string }
  | { readonly type: 'pinching'; readonly ids: readonly [number, number] }
  /** Over, though a pointer is still down. */
  | { readonly type: 'spent' };

/** Makes gestures of pointer events: mouse, pen, and fingers, one or two at a time. */
export class GestureRecognizer {
  readonly #modeOf: () => DragMode;
  readonly #emit: (gesture: Gesture) => void;
  readonly #pointers = new Map<number, PointerSample>();
  #state: State = { type: 'idle' };
  #longPress: ReturnType<typeof setTimeout> | undefined;

  /** @param modeOf - asked whenever a pointer goes down */
  constructor(modeOf: () => DragMode, emit: (gesture: Gesture) => void) {
    this.#modeOf = modeOf;
    this.#emit = emit;
  }

  /** Whether something is being drawn or moved. */
  get isBusy(): boolean {
    return this.#state.type !== 'idle' && this.#state.type !== 'spent';
  }

  /** @returns whether the pointer is wanted: capture it, and keep the browser from using it */
  down(sample: PointerSample): boolean {
    const mode = this.#modeOf();
    if (mode === 'none') return false;
    // A hand that rests beside the pen, and the other buttons of a mouse in use.
    if (this.#pointers.size > 0 && sample.kind !== 'touch') return false;
    if ([...this.#pointers.values()].some(({ kind }) => kind !== sample.kind)) return false;
    if (this.#pointers.size >= 2) return false;
    if (![0, 1, 2, 5].includes(sample.button)) return false;
    this.#pointers.set(sample.id, sample);
    this.#emit({ type: 'leave' });
    if (this.#pointers.size === 2) {
      this.#abandon();
      const [one, other] = [...this.#pointers.keys()] as [number, number];
      this.#state = { type: 'pinching', ids: [one, other] };
    } else if (sample.button === 1) {
      this.#state = { type: 'panning', id: sample.id };
    } else {
      const opposite = sample.modifier || sample.button !== 0;
      this.#state = { type: 'pressed', start: sample, mode, opposite };
      if (sample.kind === 'touch' && mode !== 'pan') this.#awaitLongPress();
    }
    return true;
  }

  move(sample: PointerSample): void {
    const before = this.#pointers.get(sample.id);
    if (before === undefined) {
      if (this.#pointers.size > 0 || sample.kind === 'touch') return;
      this.#emit(
        sample.handle === undefined ? { type: 'hover', at: placeOf(sample) } : { type: 'leave' },
      );
      return;
    }
    const state = this.#state;
    if (state.type === 'pinching') {
      const fingers = (): FingerPair =>
        state.ids.map((id) => placeOf(this.#pointers.get(id)!)) as [Position, Position];
      const from = fingers();
      this.#pointers.set(sample.id, sample);
      this.#emit({ type: 'pinch', from, to: fingers() });
      return;
    }
    if (state.type === 'pressed') {
      if (distance(state.start, sample) <= SLOP[sample.kind]) return;
      this.#drag(state, sample);
    } else if (state.type === 'drawing') {
      this.#emit({ type: 'draw', at: placeOf(sample) });
    } else if (state.type === 'panning') {
      this.#emit({ type: 'pan', by: { x: sample.x - before.x, y: sample.y - before.y } });
    } else if (state.type === 'grabbing') {
      this.#emit({ type: 'grab', handle: state.handle, at: placeOf(sample) });
    }
    this.#pointers.set(sample.id, sample);
  }

  up(sample: PointerSample): void {
    if (!this.#pointers.delete(sample.id)) return;
    this.#forgetLongPress();
    const state = this.#state;
    if (state.type === 'pinching') {
      // The finger that stays goes on moving the view.
      this.#state = { type: 'panning', id: state.ids.find((id) => id !== sample.id)! };
      return;
    }
    this.#state = this.#pointers.size === 0 ? { type: 'idle' } : { type: 'spent' };
    if (state.type === 'pressed') {
      const { handle } = state.start;
      if (handle !== undefined) this.#emit({ type: 'handle-tap', handle });
      else this.#emit({ type: 'tap', at: placeOf(state.start), opposite: state.opposite });
    } else if (state.type === 'drawing') {
      this.#emit({ type: 'draw-end' });
    } else if (state.type === 'grabbing') {
      this.#emit({ type: 'grab-end', handle: state.handle });
    }
  }

  /** The browser took a pointer away, or lost it. */
  lost(sample: PointerSample): void {
    if (!this.#pointers.delete(sample.id)) return;
    this.#abandon();
    this.#state = this.#pointers.size === 0 ? { type: 'idle' } : { type: 'spent' };
  }

  leave(sample: PointerSample): void {
    if (this.#pointers.size === 0 && sample.kind !== 'touch') this.#emit({ type: 'leave' });
  }

  /**
   * Gives up what is being done; pointers that are down do nothing until they are up.
   *
   * @returns whether there was anything
   */
  cancel(): boolean {
    const wasBusy = this.isBusy;
    this.#abandon();
    this.#state = this.#pointers.size === 0 ? { type: 'idle' } : { type: 'spent' };
    return wasBusy;
  }

  #drag(
    { start, mode, opposite }: Extract<State, { type: 'pressed' }>,
    sample: PointerSample,
  ): void {
    this.#forgetLongPress();
    const { id, kind, handle } = start;
    if (handle !== undefined) {
      this.#state = { type: 'grabbing', id, handle };
      this.#emit({ type: 'grab-start', handle, at: placeOf(start) });
      this.#emit({ type: 'grab', handle, at: placeOf(sample) });
    } else if (mode === 'draw') {
      this.#state = { type: 'drawing', id, kind };
      this.#emit({ type: 'draw-start', at: placeOf(start), opposite });
      this.#emit({ type: 'draw', at: placeOf(sample) });
    } else {
      this.#state = { type: 'panning', id };
      this.#emit({ type: 'pan', by: { x: sample.x - start.x, y: sample.y - start.y } });
    }
  }

  /** A finger has no right button. On a handle, resting means nothing. */
  #awaitLongPress(): void {
    this.#forgetLongPress();
    this.#longPress = setTimeout(() => {
      const state = this.#state;
      if (state.type !== 'pressed' || state.start.handle !== undefined) return;
      if (state.mode === 'draw') {
        this.#state = { ...state, opposite: !state.opposite };
        return;
      }
      this.#state = { type: 'spent' };
      this.#emit({ type: 'tap', at: placeOf(state.start), opposite: true });
    }, LONG_PRESS);
  }

  #forgetLongPress(): void {
    clearTimeout(this.#longPress);
    this.#longPress = undefined;
  }

  #abandon(): void {
    this.#forgetLongPress();
    const state = this.#state;
    if (state.type === 'drawing') this.#emit({ type: 'draw-cancel' });
    if (state.type === 'grabbing') this.#emit({ type: 'grab-cancel', handle: state.handle });
  }
}

function placeOf({ x, y }: Position): Position {
  return { x, y };
}

function distance(one: Position, other: Position): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
