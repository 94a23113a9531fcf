import type { PixelSource, RgbColor } from '@samgpu/mask';

import { DocumentError } from '../document-error.ts';
import { cropRgba, type ObjectPixels } from '../object-pixels.ts';
import type { Background } from '../picture-document.ts';
import { BlurredPicture } from './blurred-picture.ts';
import { FittedPicture } from './fitted-picture.ts';

/** A background that is made as it is needed, from the top to the bottom. */
export interface BackgroundRows {
  /** @param into - `[count, width, 4]`; all of it is written */
  rows(top: number, count: number, into: Uint8ClampedArray): void;
}

/** Blurs wider than this see nothing of the picture any more. */
const largestRadius = 2000;

/**
 * @param objects - those that are taken out of a blurred picture
 * @throws DocumentError `invalid-option` or `invalid-document`
 */
export function backgroundRows(
  image: PixelSource,
  objects: readonly ObjectPixels[],
  background: Background,
): BackgroundRows {
  switch (background.kind) {
    case 'transparent':
      return { rows: (_top, _count, into) => void into.fill(0) };
    case 'color':
      return plain(background.color);
    case 'original':
      return {
        rows: (top, count, into) => {
          const { width } = image;
          into.set(cropRgba(image, { x: 0, y: top, width, height: count }));
        },
      };
    case 'blur': {
      const { radius } = background;
      if (!(radius >= 0 && radius <= largestRadius)) {
        throw new DocumentError(
          'invalid-option',
          `A blur of radius ${radius}; wanted 0 to ${largestRadius} pixels.`,
        );
      }
      // Less than this changes no pixel by a level.
      if (radius < 0.2) return backgroundRows(image, objects, { kind: 'original' });
      return new BlurredPicture(image, objects, radius);
    }
    default: {
      const { picture, fit, color = [0, 0, 0] } = background;
      const { width, height, channels = 4, data } = picture;
      if (!(width > 0 && height > 0) || data.length !== width * height * channels) {
        throw new DocumentError(
          'invalid-document',
          `The picture of the background has ${data.length} bytes for ${width} x ${height}; wanted ${channels} for each pixel.`,
        );
      }
      return new FittedPicture(picture, image, fit, color);
    }
  }
}

function plain([red, green, blue]: RgbColor): BackgroundRows {
  const pixel = Uint8ClampedArray.of(red, green, blue, 255);
  return {
    rows: (_top, _count, into) => {
      for (let at = 0; at < into.length; at += 4) into.set(pixel, at);
    },
  };
}
