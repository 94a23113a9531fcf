import type { Size } from '@samgpu/mask';

import { type FingerPair, pinchView } from './pinch.ts';
import { type ScaleLimitOptions, scaleLimits } from './scale-limits.ts';
import {
  fitView,
  keepInSight,
  panBy,
  type Position,
  rotateAt,
  scaleAt,
  type ScaleLimits,
  toElement,
  toImage,
  type View,
} from './view.ts';

/** The part of a picture that an element shows, while either changes its size. */
export class Viewport {
  readonly #changed: () => void;
  #element: Size = { width: 0, height: 0 };
  #image: Size | null = null;
  #view: View = { scale: 1, x: 0, y: 0 };
  #options: ScaleLimitOptions = {};
  /** Whether all of the picture is shown, and goes on being shown when the element's size changes. */
  #isFitted = true;

  /** @param changed - told of every change of the view */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get view(): View {
    return this.#view;
  }

  get isFitted(): boolean {
    return this.#isFitted;
  }

  get limits(): ScaleLimits {
    return scaleLimits(this.#image ?? this.#element, this.#element, this.#options);
  }

  set limitOptions(options: ScaleLimitOptions) {
    this.#options = options;
    if (this.#image !== null) this.#set(this.#view);
  }

  /** Another picture is shown in full; the same size again keeps the view. */
  showImage(image: Size | null): void {
    const isSame = image?.width === this.#image?.width && image?.height === this.#image?.height;
    this.#image = image;
    if (!isSame && image !== null) this.fit();
  }

  /** The element has another size: what is in its middle stays there. */
  resize(element: Size): void {
    const { width, height } = this.#element;
    this.#element = element;
    if (this.#image === null || element.width === 0 || element.height === 0) return;
    if (this.#isFitted || width === 0 || height === 0) {
      this.fit();
      return;
    }
    const shift = { x: (element.width - width) / 2, y: (element.height - height) / 2 };
    this.#set(panBy(this.#view, shift));
  }

  fit(): void {
    this.#fit(this.#view.rotation ?? 0);
  }

  /** Takes a view as it is, but for the limits. */
  show(view: View): void {
    this.#isFitted = false;
    this.#set(scaleAt(view, view.scale, this.middle, this.limits));
  }

  panBy(by: Position): void {
    this.#isFitted = false;
    this.#set(panBy(this.#view, by));
  }

  /** @param anchor - stays where it is, in pixels of the element. @defaultValue the middle */
  zoomBy(factor: number, anchor: Position = this.middle): void {
    this.zoomTo(this.#view.scale * factor, anchor);
  }

  /** @param scale - CSS pixels per pixel of the picture */
  zoomTo(scale: number, anchor: Position = this.middle): void {
    this.#isFitted = false;
    this.#set(scaleAt(this.#view, scale, anchor, this.limits));
  }

  pinch(from: FingerPair, to: FingerPair): void {
    this.#isFitted = false;
    this.#set(pinchView(this.#view, from, to, this.limits));
  }

  /** @param degrees - clockwise, around the middle of the element */
  rotateBy(degrees: number): void {
    const turned = rotateAt(this.#view, degrees, this.middle);
    if (this.#isFitted) this.#fit(turned.rotation ?? 0);
    else this.#set(turned);
  }

  /** Moves the view so that a pixel of the picture is at least `margin` CSS pixels within the element. */
  reveal(position: Position, margin: number): void {
    const at = toElement(this.#view, position);
    const { width, height } = this.#element;
    const shift = { x: intoRange(at.x, margin, width), y: intoRange(at.y, margin, height) };
    if (shift.x !== 0 || shift.y !== 0) this.panBy(shift);
  }

  toImage(position: Position): Position {
    return toImage(this.#view, position);
  }

  toElement(position: Position): Position {
    return toElement(this.#view, position);
  }

  get middle(): Position {
    return { x: this.#element.width / 2, y: this.#element.height / 2 };
  }

  #fit(rotation: number): void {
    if (this.#image === null) return;
    this.#isFitted = true;
    this.#replace(fitView(this.#image, this.#element, { rotation }));
  }

  #set(view: View): void {
    if (this.#image === null) return;
    this.#replace(keepInSight(view, this.#image, this.#element));
  }

  #replace(view: View): void {
    const { scale, x, y, rotation = 0 } = this.#view;
    const isSame =
      view.scale === scale && view.x === x && view.y === y && (view.rotation ?? 0) === rotation;
    if (isSame) return;
    this.#view = view;
    this.#changed();
  }
}

function intoRange(at: number, margin: number, room: number): number {
  const inset = Math.min(margin, room / 2);
  return Math.min(room - inset, Math.max(inset, at)) - at;
}
