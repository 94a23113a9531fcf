/**
 * A rectangle in pixels of the original image: its top left corner and its sides.
 *
 * It covers `x .. x + width` and `y .. y + height`, so a box over the whole image is
 * `{ x: 0, y: 0, width: image.width, height: image.height }`.
 */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
