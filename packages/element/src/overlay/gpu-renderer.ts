import type { Mask, RgbaColor, RgbColor, Size } from '@samgpu/mask';
import type {
  OverlayPainter,
  OverlayPainting,
  PaintedShape,
  StraightColor,
  UploadedMask,
} from '@samgpu/webgpu';

import { viewMatrix } from '../view/view.ts';
import type { OverlayRenderer, OverlayScene, OverlayShape } from './overlay-scene.ts';

/** Draws overlays on the GPU that the model runs on. */
export class GpuRenderer implements OverlayRenderer {
  readonly kind = 'webgpu';
  readonly canvases: readonly HTMLCanvasElement[];
  readonly #painter: OverlayPainter;
  readonly #context: GPUCanvasContext;
  readonly #uploads = new Map<Mask, UploadedMask>();
  #pixelRatio = 1;
  #painting: OverlayPainting | undefined;

  private constructor(
    painter: OverlayPainter,
    canvas: HTMLCanvasElement,
    context: GPUCanvasContext,
  ) {
    this.#painter = painter;
    this.#context = context;
    this.canvases = [canvas];
  }

  /** @returns undefined where the browser shows no canvas of that device */
  static async make(device: GPUDevice, document: Document): Promise<GpuRenderer | undefined> {
    const { OverlayPainter } = await import('@samgpu/webgpu');
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('webgpu') as GPUCanvasContext | null;
    if (context === null) return undefined;
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device, format, alphaMode: 'premultiplied' });
    return new GpuRenderer(new OverlayPainter(device), canvas, context);
  }

  get device(): GPUDevice {
    return this.#painter.device;
  }

  resize({ width, height }: Size, pixelRatio: number): void {
    const [canvas] = this.canvases;
    this.#pixelRatio = pixelRatio;
    if (canvas!.width !== width) canvas!.width = Math.max(1, width);
    if (canvas!.height !== height) canvas!.height = Math.max(1, height);
  }

  draw(scene: OverlayScene): void {
    this.#forgetAllBut(new Set(scene.shapes.map(({ mask }) => mask)));
    this.#painting = {
      matrix: viewMatrix(scene.view, this.#pixelRatio),
      shapes: scene.shapes.map((shape) => this.#painted(shape, scene)),
    };
  }

  march(phase: number): void {
    if (this.#painting === undefined) return;
    const target = this.#context.getCurrentTexture();
    this.#painter.paint(target, this.#painting, phase * this.#pixelRatio);
  }

  dispose(): void {
    this.#painting = undefined;
    this.#forgetAllBut(new Set());
    this.#painter.dispose();
    this.#context.unconfigure();
    this.canvases[0]!.remove();
  }

  #painted({ mask, color, fill, line, opacity }: OverlayShape, scene: OverlayScene): PaintedShape {
    const ratio = this.#pixelRatio;
    const { width, haloWidth, haloColor, antsColor, antsGapColor, dash } = scene.line;
    const stroke = {
      color: line === 'ants' ? straight(antsColor) : straight(color),
      width: width * ratio,
      haloColor: straight(haloColor),
      haloWidth: haloWidth * ratio,
      ...(line === 'ants' && {
        dashes: { gapColor: straight(antsGapColor), length: dash * ratio },
      }),
    };
    return {
      bits: this.#bitsOf(mask),
      tint: straight(color, fill),
      opacity,
      ...(line !== 'none' && { line: stroke }),
    };
  }

  #bitsOf(mask: Mask): UploadedMask {
    let upload = this.#uploads.get(mask);
    if (upload === undefined) {
      upload = this.#painter.upload(mask);
      this.#uploads.set(mask, upload);
    }
    return upload;
  }

  #forgetAllBut(kept: ReadonlySet<Mask>): void {
    for (const [mask, upload] of this.#uploads) {
      if (kept.has(mask)) continue;
      upload.dispose();
      this.#uploads.delete(mask);
    }
  }
}

function straight(
  [red, green, blue, alpha = 255]: RgbColor | RgbaColor,
  opacity = 1,
): StraightColor {
  return [red / 255, green / 255, blue / 255, (alpha / 255) * opacity];
}
