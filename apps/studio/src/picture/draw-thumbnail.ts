import type { Bitmap, Box } from 'samgpu';

/** The square around an object, a little larger than it, inside of the picture where that fits. */
export function squareAround({ x, y, width, height }: Box): Box {
  const side = Math.max(8, Math.max(width, height) * 1.12);
  return { x: x + width / 2 - side / 2, y: y + height / 2 - side / 2, width: side, height: side };
}

/**
 * Draws an object cut out of its picture, as a square.
 *
 * The mask is looked at once per pixel of the thumbnail, never at its full size.
 *
 * @param picture - of the mask's size
 */
export function drawThumbnail(
  canvas: HTMLCanvasElement,
  picture: CanvasImageSource,
  mask: Bitmap & { readonly bounds: Box },
): void {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return;
  const { width: side } = canvas;
  const area = squareAround(mask.bounds);
  context.clearRect(0, 0, side, side);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, area.x, area.y, area.width, area.height, 0, 0, side, side);
  const pixels = context.getImageData(0, 0, side, side);
  const { data, width, height } = mask;
  const step = area.width / side;
  for (let row = 0; row < side; row++) {
    const y = Math.floor(area.y + (row + 0.5) * step);
    for (let column = 0; column < side; column++) {
      const x = Math.floor(area.x + (column + 0.5) * step);
      const isInside = x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
      if (!isInside) pixels.data[(row * side + column) * 4 + 3] = 0;
    }
  }
  context.putImageData(pixels, 0, 0);
}
