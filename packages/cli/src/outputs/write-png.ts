import type { Bitmap, Mask, Matte, RgbaImage, Size } from 'samgpu';

import { OutputError } from './output-error.ts';

// Of photographs, filtered rows at a low level are both smaller and quicker than the defaults.
const photographic = { adaptiveFiltering: true, compressionLevel: 2 } as const;

// Raw pixels come from memory: there is no small file that could unpack to something huge.
const noLimit = { limitInputPixels: false } as const;

/** White inside, black outside, one channel. */
export async function writeMask(path: string, bitmap: Bitmap): Promise<void> {
  const { width, height, data } = bitmap;
  const levels = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) levels[i] = data[i] === 0 ? 0 : 255;
  await writeLevels(path, levels, { width, height });
}

/** The alpha of a matte, one channel. */
export async function writeMatte(path: string, matte: Matte): Promise<void> {
  await writeLevels(path, matte.alpha, matte);
}

async function writeLevels(
  path: string,
  levels: Uint8Array,
  { width, height }: Size,
): Promise<void> {
  const { default: sharp } = await import('sharp');
  const image = sharp(levels, { raw: { width, height, channels: 1 }, ...noLimit });
  await image.toColourspace('b-w').png().toFile(path);
}

/**
 * The object alone, along its mask or with the soft edges of its matte.
 *
 * @throws OutputError `empty-mask` when cropping to nothing
 */
export async function writeCutout(
  path: string,
  object: Mask | Matte,
  crop: boolean,
): Promise<void> {
  if (crop && object.bounds.width === 0) {
    throw new OutputError(
      'empty-mask',
      'the mask is empty, so there is nothing to crop to; leave out --crop, or prompt elsewhere',
    );
  }
  const { width, height, data } =
    'alpha' in object ? object.foreground({ crop }) : object.cutout({ crop });
  const { default: sharp } = await import('sharp');
  const image = sharp(data, { raw: { width, height, channels: 4 }, ...noLimit });
  await image.png(photographic).toFile(path);
}

/**
 * The picture with the object tinted and outlined.
 *
 * @param isOpaque - whether the picture has no alpha channel
 */
export async function writeOverlay(path: string, mask: Mask, isOpaque: boolean): Promise<void> {
  const { width, height } = mask;
  const lineWidth = Math.max(2, Math.round(Math.min(width, height) / 200));
  await writeColors(path, mask.overlay({ outline: { width: lineWidth } }), isOpaque);
}

/**
 * A drawn picture.
 *
 * @param isOpaque - leave the alpha channel out
 */
export async function writeColors(
  path: string,
  { width, height, data }: RgbaImage,
  isOpaque: boolean,
): Promise<void> {
  const { default: sharp } = await import('sharp');
  const image = sharp(data, { raw: { width, height, channels: 4 }, ...noLimit });
  await (isOpaque ? image.removeAlpha() : image).png(photographic).toFile(path);
}
