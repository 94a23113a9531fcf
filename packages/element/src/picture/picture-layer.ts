import type { Size } from '@samgpu/mask';
import type { ImageInput } from 'samgpu';

import type { View } from '../view/view.ts';
import { viewMatrix } from '../view/view.ts';
import { Picture } from './picture.ts';

/** Shows one picture on a canvas; of several that are opened the latest counts. */
export class PictureLayer {
  readonly #canvas: HTMLCanvasElement;
  readonly #wantsDrawing: () => void;
  #picture: Picture | null = null;
  #input: ImageInput | null = null;
  #opening: AbortController | null = null;
  #board: CanvasPattern | null = null;

  /** @param wantsDrawing - called when there is more to draw than was drawn */
  constructor(canvas: HTMLCanvasElement, wantsDrawing: () => void) {
    this.#canvas = canvas;
    this.#wantsDrawing = wantsDrawing;
  }

  /** Of the picture that is shown. */
  get size(): Size | null {
    return this.#picture;
  }

  /** What the picture that is shown, or is being opened, was made from. */
  get input(): ImageInput | null {
    return this.#input;
  }

  /**
   * @returns whether it is shown now: another one may have been opened meanwhile
   * @throws ImageError
   */
  async open(input: ImageInput): Promise<boolean> {
    this.#opening?.abort();
    const opening = (this.#opening = new AbortController());
    this.#input = input;
    try {
      const picture = await Picture.open(input, opening.signal);
      this.#picture?.dispose();
      this.#picture = picture;
      this.#wantsDrawing();
      return true;
    } catch (error) {
      if (opening.signal.aborted) return false;
      this.#input = null;
      throw error;
    } finally {
      if (this.#opening === opening) this.#opening = null;
    }
  }

  /** @param isMoving - quickly rather than well, since another drawing will follow */
  draw(view: View, pixelRatio: number, size: Size, isMoving: boolean): void {
    const canvas = this.#canvas;
    if (canvas.width !== size.width) canvas.width = size.width;
    if (canvas.height !== size.height) canvas.height = size.height;
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.resetTransform();
    context.clearRect(0, 0, size.width, size.height);
    const picture = this.#picture;
    if (picture === null) return;
    if (!picture.isOpaque) this.#drawBoard(context, view, pixelRatio, picture);
    picture.draw(context, view, pixelRatio, size, isMoving, this.#wantsDrawing);
  }

  close(): void {
    this.#opening?.abort();
    this.#opening = null;
    this.#picture?.dispose();
    this.#picture = null;
    this.#input = null;
  }

  dispose(): void {
    this.close();
    this.#canvas.width = this.#canvas.height = 0;
  }

  /** What is seen through transparent pixels: squares that stay the same at every scale. */
  #drawBoard(
    context: CanvasRenderingContext2D,
    view: View,
    pixelRatio: number,
    { width, height }: Size,
  ): void {
    this.#board ??= makeBoard(context);
    if (this.#board === null) return;
    context.setTransform(...viewMatrix(view, pixelRatio));
    const side = 1 / (view.scale * pixelRatio);
    this.#board.setTransform(new DOMMatrix([side, 0, 0, side, 0, 0]));
    context.fillStyle = this.#board;
    context.fillRect(0, 0, width, height);
  }
}

const SQUARE = 10;

function makeBoard(context: CanvasRenderingContext2D): CanvasPattern | null {
  const canvas = context.canvas.ownerDocument.createElement('canvas');
  canvas.width = canvas.height = 2 * SQUARE;
  const board = canvas.getContext('2d');
  if (board === null) return null;
  board.fillStyle = '#fff';
  board.fillRect(0, 0, 2 * SQUARE, 2 * SQUARE);
  board.fillStyle = '#d8dade';
  board.fillRect(0, 0, SQUARE, SQUARE);
  board.fillRect(SQUARE, SQUARE, SQUARE, SQUARE);
  return context.createPattern(canvas, 'repeat');
}
