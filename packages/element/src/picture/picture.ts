import type { Size } from '@samgpu/mask';
import type { ImageInput } from 'samgpu';

import { boundsInImage, type View, viewMatrix } from '../view/view.ts';
import { PictureLevel } from './picture-level.ts';
import { bitmapOf } from './picture-bitmap.ts';

/** From here on, in device pixels per pixel of the picture, its pixels are shown as squares. */
const SQUARES_FROM = 4;

/**
 * A picture ready to be drawn at any scale: in full, and at halves of it down to the size of a
 * screen, so that no drawing touches many more pixels than are seen.
 */
export class Picture implements Size {
  readonly width: number;
  readonly height: number;
  /** From full size down. */
  readonly #levels: PictureLevel[];
  #disposed = false;

  private constructor(full: PictureLevel) {
    this.#levels = [full];
    this.width = full.width;
    this.height = full.height;
  }

  /**
   * Decodes what a session takes as an image.
   *
   * @throws ImageError for what is no picture
   */
  static async open(input: ImageInput, signal?: AbortSignal): Promise<Picture> {
    const bitmap = await bitmapOf(input);
    if (signal?.aborted === true) {
      bitmap.close();
      signal.throwIfAborted();
    }
    const picture = new Picture(new PictureLevel(bitmap));
    await picture.#makeLevels();
    return picture;
  }

  /**
   * Draws what a view shows.
   *
   * @param size - of the canvas, in its pixels
   * @param onMore - called when a sharper part has come, so that it is to be drawn again
   */
  draw(
    context: CanvasRenderingContext2D,
    view: View,
    pixelRatio: number,
    size: Size,
    onMore: () => void,
  ): void {
    const scale = view.scale * pixelRatio;
    const wanted = this.#levels.findLastIndex((level) => level.width / this.width >= scale);
    const chosen = Math.max(0, wanted);
    context.setTransform(...viewMatrix(view, pixelRatio));
    context.imageSmoothingEnabled = scale < SQUARES_FROM;
    context.imageSmoothingQuality = scale < 1 ? 'high' : 'medium';
    const seen = boundsInImage(
      { ...view, scale, x: view.x * pixelRatio, y: view.y * pixelRatio },
      size,
    );
    // The smallest first: it is whole, and lies under parts that are still missing.
    for (const level of new Set([this.#levels.at(-1)!, this.#levels[chosen]!])) {
      const across = this.width / level.width;
      const down = this.height / level.height;
      const box = {
        x: seen.x / across,
        y: seen.y / down,
        width: seen.width / across,
        height: seen.height / down,
      };
      for (const { bitmap, x, y, width, height } of level.partsIn(box, onMore)) {
        context.drawImage(bitmap, x * across, y * down, width * across, height * down);
      }
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#levels.forEach((level) => level.dispose());
  }

  async #makeLevels(): Promise<void> {
    let last = this.#levels[0]!;
    while (!last.isWhole) {
      const level = await last.half();
      if (this.#disposed) {
        level.dispose();
        return;
      }
      this.#levels.push(level);
      last = level;
    }
  }
}
