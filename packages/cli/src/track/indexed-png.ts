import { encodeIndexedPng } from '@samgpu/document';
import type { RgbColor, Size } from 'samgpu';

/** The colours by which PASCAL VOC and DAVIS show numbers: bits of the number, spread over the channels. */
function davisPalette(): RgbColor[] {
  return Array.from({ length: 256 }, (_, index) => {
    const color: [number, number, number] = [0, 0, 0];
    for (let bit = 0, rest = index; rest > 0; bit++, rest >>= 3) {
      for (let channel = 0; channel < 3; channel++) {
        color[channel]! |= ((rest >> channel) & 1) << (7 - bit);
      }
    }
    return color;
  });
}

/**
 * A PNG whose pixels are numbers, and whose palette shows them in colours.
 *
 * @param labels - `[height, width]`
 */
export async function indexedPng(labels: Uint8Array, size: Size): Promise<Uint8Array> {
  const png = await encodeIndexedPng(labels, size, davisPalette());
  return new Uint8Array(await png.arrayBuffer());
}
