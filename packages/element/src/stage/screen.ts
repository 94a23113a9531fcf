import type { Size } from '@samgpu/mask';

/** Watches how large an element is, in CSS pixels and in pixels of the device. */
export class Screen {
  readonly #element: HTMLElement;
  readonly #changed: (screen: Screen) => void;
  readonly #observer: ResizeObserver;
  #resolution: MediaQueryList | undefined;
  #size: Size = { width: 0, height: 0 };
  #devicePixels: Size | undefined;

  constructor(element: HTMLElement, changed: (screen: Screen) => void) {
    this.#element = element;
    this.#changed = changed;
    this.#observer = new ResizeObserver((entries) => this.#measured(entries.at(-1)));
    try {
      this.#observer.observe(element, { box: 'device-pixel-content-box' });
    } catch {
      this.#observer.observe(element);
    }
    this.#watchResolution();
    this.#measured(undefined);
  }

  /** In CSS pixels. */
  get size(): Size {
    return this.#size;
  }

  /** Pixels of {@link canvasSize} per CSS pixel. */
  get pixelRatio(): number {
    return this.#element.ownerDocument.defaultView?.devicePixelRatio ?? 1;
  }

  /** Of a canvas that covers the element pixel by pixel. */
  get canvasSize(): Size {
    const ratio = this.pixelRatio;
    const [width, height] = [this.#size.width * ratio, this.#size.height * ratio];
    const measured = this.#devicePixels;
    // Where a browser plays another device, as in its tools for developers, it measures its own all the same.
    const isMeant =
      measured !== undefined &&
      Math.abs(measured.width - width) < 2 &&
      Math.abs(measured.height - height) < 2;
    if (isMeant) return measured;
    return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#resolution?.removeEventListener('change', this.#resolutionChanged);
  }

  #measured(entry: ResizeObserverEntry | undefined): void {
    const { clientWidth, clientHeight } = this.#element;
    this.#size = { width: clientWidth, height: clientHeight };
    const box = entry?.devicePixelContentBoxSize?.[0];
    this.#devicePixels = box && {
      width: Math.max(1, box.inlineSize),
      height: Math.max(1, box.blockSize),
    };
    this.#changed(this);
  }

  /** A window that is dragged to another screen, or a page that is zoomed. */
  #watchResolution(): void {
    this.#resolution?.removeEventListener('change', this.#resolutionChanged);
    const window = this.#element.ownerDocument.defaultView;
    this.#resolution = window?.matchMedia(`(resolution: ${this.pixelRatio}dppx)`);
    this.#resolution?.addEventListener('change', this.#resolutionChanged);
  }

  readonly #resolutionChanged = (): void => {
    this.#watchResolution();
    this.#devicePixels = undefined;
    this.#measured(undefined);
  };
}
