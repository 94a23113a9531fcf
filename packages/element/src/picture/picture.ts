import type { Box, Size } from '@samgpu/mask';
import type { ImageInput } from 'samgpu';

import { boundsInImage, type View, viewMatrix } from '../view/view.ts';
import { bitmapOf } from './picture-bitmap.ts';
import { PictureLevel, type PicturePart } from './picture-level.ts';

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
  #isOpaque = false;
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
    picture.#isOpaque = isOpaque(picture.#levels.at(-1)!);
    return picture;
  }

  /** Whether nothing is seen through it. */
  get isOpaque(): boolean {
    return this.#isOpaque;
  }

  /**
   * Draws what a view shows.
   *
   * @param size - of the canvas, in its pixels
   * @param isMoving - quickly rather than well: another drawing will follow
   * @param onMore - called when a sharper part has come, so that it is to be drawn again
   */
  draw(
    context: CanvasRenderingContext2D,
    view: View,
    pixelRatio: number,
    size: Size,
    isMoving: boolean,
    onMore: () => void,
  ): void {
    const scale = view.scale * pixelRatio;
    const wanted = this.#levels.findLastIndex((level) => level.width / this.width >= scale);
    const level = this.#levels[Math.max(0, wanted)]!;
    context.setTransform(...viewMatrix(view, pixelRatio));
    context.imageSmoothingEnabled = scale < SQUARES_FROM;
    // Between two levels, a plain filter loses little.
    context.imageSmoothingQuality = isMoving || scale >= 1 ? 'low' : 'high';
    const seen = boundsInImage(view, size, pixelRatio);
    const { parts, isComplete } = this.#partsOf(level, seen, onMore);
    if (!isComplete) {
      // The smallest is whole, and lies under what is still missing.
      const smallest = this.#levels.at(-1)!;
      this.#drawParts(context, smallest, this.#partsOf(smallest, seen, onMore).parts);
    }
    this.#drawParts(context, level, parts);
  }

  dispose(): void {
    this.#disposed = true;
    this.#levels.forEach((level) => level.dispose());
  }

  #partsOf(
    level: PictureLevel,
    seen: Box,
    onMore: () => void,
  ): ReturnType<PictureLevel['partsIn']> {
    const [across, down] = [this.width / level.width, this.height / level.height];
    const box = {
      x: seen.x / across,
      y: seen.y / down,
      width: seen.width / across,
      height: seen.height / down,
    };
    return level.partsIn(box, onMore);
  }

  #drawParts(
    context: CanvasRenderingContext2D,
    level: PictureLevel,
    parts: readonly PicturePart[],
  ): void {
    const [across, down] = [this.width / level.width, this.height / level.height];
    for (const { bitmap, x, y, width, height } of parts) {
      context.drawImage(bitmap, x * across, y * down, width * across, height * down);
    }
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

/** Looked at from far away: a few transparent pixels do not count. */
function isOpaque(level: PictureLevel): boolean {
  const side = 64;
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  if (context === null) return false;
  const { parts } = level.partsIn(
    { x: 0, y: 0, width: level.width, height: level.height },
    () => {},
  );
  for (const { bitmap } of parts) context.drawImage(bitmap, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}
