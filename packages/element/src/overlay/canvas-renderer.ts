import type { RgbaColor, RgbColor, Size } from '@samgpu/mask';

import { boundsInImage, viewMatrix } from '../view/view.ts';
import { OutlineCache } from './outline-cache.ts';
import type { OverlayRenderer, OverlayScene, OverlayShape } from './overlay-scene.ts';

interface TracedShape extends OverlayShape {
  readonly path: Path2D;
}

/**
 * Draws overlays as paths on two canvases: one that stands still, and one for the ants, so that their
 * march draws nothing else again.
 */
export class CanvasRenderer implements OverlayRenderer {
  readonly kind = '2d';
  readonly canvases: readonly HTMLCanvasElement[];
  readonly #still: CanvasRenderingContext2D;
  readonly #ants: CanvasRenderingContext2D;
  readonly #outlines = new OutlineCache();
  #size: Size = { width: 0, height: 0 };
  #pixelRatio = 1;
  #scene: OverlayScene | undefined;
  #marching: readonly TracedShape[] = [];

  constructor(document: Document) {
    this.canvases = [document.createElement('canvas'), document.createElement('canvas')];
    const [still, ants] = this.canvases.map((canvas) => canvas.getContext('2d'));
    if (!still || !ants) throw new Error('the browser gives no 2D canvas; free some memory');
    this.#still = still;
    this.#ants = ants;
  }

  resize(size: Size, pixelRatio: number): void {
    this.#size = size;
    this.#pixelRatio = pixelRatio;
    for (const canvas of this.canvases) {
      if (canvas.width !== size.width) canvas.width = size.width;
      if (canvas.height !== size.height) canvas.height = size.height;
    }
  }

  draw(scene: OverlayScene): void {
    this.#scene = scene;
    const context = this.#still;
    this.#clear(context);
    const { view } = scene;
    const scale = view.scale * this.#pixelRatio;
    const seen = boundsInImage(view, this.#size, this.#pixelRatio);
    const marching: TracedShape[] = [];
    context.setTransform(...viewMatrix(view, this.#pixelRatio));
    for (const shape of scene.shapes) {
      const path = this.#outlines.get(shape.mask, scale, seen, scene.isMoving);
      if (path === undefined) continue;
      if (shape.fill > 0) {
        context.fillStyle = cssColor(shape.color, shape.fill * shape.opacity);
        context.fill(path, 'evenodd');
      }
      if (shape.line === 'solid') this.#drawLine(context, { ...shape, path }, scene);
      else if (shape.line === 'ants') marching.push({ ...shape, path });
    }
    this.#marching = marching;
  }

  march(phase: number): void {
    const scene = this.#scene;
    if (scene === undefined) return;
    const context = this.#ants;
    this.#clear(context);
    context.setTransform(...viewMatrix(scene.view, this.#pixelRatio));
    const { line, view } = scene;
    for (const { path, opacity } of this.#marching) {
      context.globalAlpha = opacity;
      this.#stroke(context, path, line.width + 2 * line.haloWidth, rgba(line.haloColor));
      this.#stroke(context, path, line.width, rgba(line.antsGapColor));
      context.setLineDash([line.dash / view.scale, line.dash / view.scale]);
      context.lineDashOffset = -phase / view.scale;
      this.#stroke(context, path, line.width, rgba(line.antsColor));
      context.setLineDash([]);
    }
    context.globalAlpha = 1;
  }

  dispose(): void {
    this.#marching = [];
    this.#scene = undefined;
    for (const canvas of this.canvases) {
      canvas.remove();
      // Browsers keep the pixels of a canvas until it is collected, which may take long.
      canvas.width = canvas.height = 0;
    }
  }

  #drawLine(
    context: CanvasRenderingContext2D,
    { path, color, opacity }: TracedShape,
    { line }: OverlayScene,
  ): void {
    context.globalAlpha = opacity;
    this.#stroke(context, path, line.width + 2 * line.haloWidth, rgba(line.haloColor));
    this.#stroke(context, path, line.width, cssColor(color, 1));
    context.globalAlpha = 1;
  }

  #stroke(context: CanvasRenderingContext2D, path: Path2D, width: number, color: string): void {
    context.lineWidth = width / this.#scene!.view.scale;
    context.lineJoin = 'round';
    context.strokeStyle = color;
    context.stroke(path);
  }

  #clear(context: CanvasRenderingContext2D): void {
    context.resetTransform();
    context.clearRect(0, 0, this.#size.width, this.#size.height);
  }
}

function cssColor([red, green, blue]: RgbColor, opacity: number): string {
  return `rgb(${red} ${green} ${blue} / ${opacity})`;
}

function rgba([red, green, blue, alpha]: RgbaColor): string {
  return cssColor([red, green, blue], alpha / 255);
}
