import type { PixelSource, RgbColor, Size } from '@samgpu/mask';

import { premultipliedRow } from './premultiplied-row.ts';
import type { BackgroundRows } from './background-rows.ts';
import { RowResampler } from './row-resampler.ts';

/** Another picture, centred, covering the whole or contained in it; a colour behind it. */
export class FittedPicture implements BackgroundRows {
  readonly #resampler: RowResampler;
  readonly #row: Float32Array;
  readonly #behind: RgbColor;
  readonly #shown: { left: number; right: number; top: number; bottom: number };

  constructor(
    picture: PixelSource,
    { width, height }: Size,
    fit: 'cover' | 'contain',
    behind: RgbColor,
  ) {
    const ratios = [width / picture.width, height / picture.height];
    const scale = fit === 'cover' ? Math.max(...ratios) : Math.min(...ratios);
    const left = (width - picture.width * scale) / 2;
    const top = (height - picture.height * scale) / 2;
    this.#row = new Float32Array(width * 4);
    this.#behind = behind;
    this.#shown = {
      left: Math.round(left),
      right: Math.round(left + picture.width * scale),
      top: Math.round(top),
      bottom: Math.round(top + picture.height * scale),
    };
    this.#resampler = new RowResampler({
      from: picture,
      width,
      channels: 4,
      horizontal: { scale, offset: left },
      vertical: { scale, offset: top },
      read: (y, row) => premultipliedRow(picture, y, row),
    });
  }

  rows(top: number, count: number, into: Uint8ClampedArray): void {
    const row = this.#row;
    const width = row.length / 4;
    const { left, right, top: first, bottom } = this.#shown;
    for (let y = top; y < top + count; y++) {
      const isShown = y >= first && y < bottom;
      if (isShown) this.#resampler.row(y, row);
      for (let x = 0, to = (y - top) * width * 4; x < width; x++, to += 4) {
        const alpha = isShown && x >= left && x < right ? row[4 * x + 3]! : 0;
        const share = alpha === 0 ? 0 : 1;
        for (let channel = 0; channel < 3; channel++) {
          into[to + channel] = share * row[4 * x + channel]! + (1 - alpha) * this.#behind[channel]!;
        }
        into[to + 3] = 255;
      }
    }
  }
}
