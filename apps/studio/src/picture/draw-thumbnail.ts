import type { AlphaMask, Box, Mask, Size } from 'samgpu';

/** The square around an object, a little larger than it, inside of the picture where that fits. */
function squareAround({ x, y, width, height }: Box): Box {
  const side = Math.max(8, Math.max(width, height) * 1.12);
  return { x: x + width / 2 - side / 2, y: y + height / 2 - side / 2, width: side, height: side };
}

/**
 * Draws an object cut out of its picture, as a square.
 *
 * @param picture - may have fewer pixels than the mask
 */
export function drawThumbnail(canvas: HTMLCanvasElement, picture: ImageBitmap, mask: Mask): void {
  const { bounds } = mask;
  if (bounds.width === 0) return;
  // About as many pixels as are shown: the mask is never looked at in its full size.
  const perPixel = squareAround(bounds).width / canvas.width;
  const level = Math.max(0, Math.floor(Math.log2(perPixel)));
  const { width, height, data } = mask.reduce({ region: bounds, level });
  draw(canvas, picture, mask, (x, y) => {
    const [column, row] = [(x - bounds.x) >> level, (y - bounds.y) >> level];
    const isWithin = column >= 0 && row >= 0 && column < width && row < height;
    return isWithin ? data[row * width + column]! * 255 : 0;
  });
}

/** The same with soft edges. */
export function drawSoftThumbnail(
  canvas: HTMLCanvasElement,
  picture: ImageBitmap,
  mask: Mask,
  alpha: AlphaMask,
): void {
  draw(canvas, picture, mask, (x, y) => alpha.alpha[y * mask.width + x]!);
}

type Three = [number, number, number];

/** @param alphaAt - opacity of a pixel of the picture, 0 to 255; asked within the picture only */
function draw(
  canvas: HTMLCanvasElement,
  picture: ImageBitmap,
  { bounds, width, height }: Size & { readonly bounds: Box },
  alphaAt: (x: number, y: number) => number,
): void {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return;
  const { width: side } = canvas;
  const area = squareAround(bounds);
  context.clearRect(0, 0, side, side);
  context.imageSmoothingQuality = 'high';
  const scale = picture.width / width;
  const [x, y, length] = [area.x, area.y, area.width].map((value) => value * scale) as Three;
  context.drawImage(picture, x, y, length, length, 0, 0, side, side);
  const pixels = context.getImageData(0, 0, side, side);
  const step = area.width / side;
  for (let row = 0; row < side; row++) {
    const y = Math.floor(area.y + (row + 0.5) * step);
    for (let column = 0; column < side; column++) {
      const x = Math.floor(area.x + (column + 0.5) * step);
      const isInside = x >= 0 && y >= 0 && x < width && y < height;
      pixels.data[(row * side + column) * 4 + 3]! *= isInside ? alphaAt(x, y) / 255 : 0;
    }
  }
  context.putImageData(pixels, 0, 0);
}
