import type { Size } from '@samgpu/mask';

import { CanvasRenderer } from './canvas-renderer.ts';
import type { OverlayRenderer, OverlayScene } from './overlay-scene.ts';

/** How fast ants march, in CSS pixels per second, and how often they are drawn. */
const SPEED = 14;
const FRAMES_PER_SECOND = 30;

/** Which renderer is wanted: `auto` draws on the model's GPU where there is a real one. */
export type RendererChoice = 'auto' | '2d' | 'webgpu';

/** Keeps the overlay of an element on the screen, and its ants marching. */
export class OverlayLayer {
  readonly #container: HTMLElement;
  #renderer: OverlayRenderer;
  #size: Size = { width: 1, height: 1 };
  #pixelRatio = 1;
  #scene: OverlayScene | undefined;
  #marching: number | undefined;
  #started = 0;
  #lastFrame = 0;
  #moves = true;
  #device: GPUDevice | undefined;
  readonly #lost = new WeakSet<GPUDevice>();
  #disposed = false;

  constructor(container: HTMLElement) {
    this.#container = container;
    this.#renderer = new CanvasRenderer(container.ownerDocument);
    container.append(...this.#renderer.canvases);
  }

  get rendererKind(): OverlayRenderer['kind'] {
    return this.#renderer.kind;
  }

  /** Whether ants march, or stand still for those who want less motion. */
  set moves(moves: boolean) {
    if (moves === this.#moves) return;
    this.#moves = moves;
    this.#march();
  }

  /** Draws on a device from now on or, without one, on 2D canvases. */
  async useDevice(wanted: GPUDevice | undefined): Promise<void> {
    const device = wanted && this.#lost.has(wanted) ? undefined : wanted;
    if (device === this.#device) return;
    this.#device = device;
    if (device === undefined) {
      this.#replace(new CanvasRenderer(this.#container.ownerDocument));
      return;
    }
    const { GpuRenderer } = await import('./gpu-renderer.ts');
    const renderer = await GpuRenderer.make(device, this.#container.ownerDocument);
    if (this.#disposed || this.#device !== device) {
      renderer?.dispose();
      return;
    }
    if (renderer === undefined) return;
    this.#replace(renderer);
    void device.lost.then(() => {
      this.#lost.add(device);
      if (!this.#disposed && this.#device === device) void this.useDevice(undefined);
    });
  }

  resize(size: Size, pixelRatio: number): void {
    this.#size = size;
    this.#pixelRatio = pixelRatio;
    this.#renderer.resize(size, pixelRatio);
  }

  draw(scene: OverlayScene): void {
    this.#scene = scene;
    this.#renderer.draw(scene);
    this.#renderer.march(this.#phase());
    this.#march();
  }

  dispose(): void {
    this.#disposed = true;
    this.#stop();
    this.#renderer.dispose();
  }

  #replace(renderer: OverlayRenderer): void {
    this.#renderer.dispose();
    this.#renderer = renderer;
    this.#container.append(...renderer.canvases);
    renderer.resize(this.#size, this.#pixelRatio);
    if (this.#scene) this.draw(this.#scene);
  }

  #phase(): number {
    const dash = this.#scene?.line.dash ?? 1;
    if (!this.#moves) return 0;
    return (((performance.now() - this.#started) / 1000) * SPEED) % (2 * dash);
  }

  #march(): void {
    const hasAnts = this.#scene?.shapes.some(({ line }) => line === 'ants') ?? false;
    if (!hasAnts || !this.#moves) {
      this.#stop();
      return;
    }
    if (this.#marching !== undefined) return;
    if (this.#started === 0) this.#started = performance.now();
    const step = (now: number): void => {
      this.#marching = requestAnimationFrame(step);
      if (now - this.#lastFrame < 1000 / FRAMES_PER_SECOND - 2) return;
      this.#lastFrame = now;
      this.#renderer.march(this.#phase());
    };
    this.#marching = requestAnimationFrame(step);
  }

  #stop(): void {
    if (this.#marching !== undefined) cancelAnimationFrame(this.#marching);
    this.#marching = undefined;
  }
}
