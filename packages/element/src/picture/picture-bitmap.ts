import { ImageError, type ImageInput, readImage } from 'samgpu';

/** What `createImageBitmap` decodes by itself. */
const DRAWABLE: readonly string[] = [
  'Blob',
  'File',
  'ImageBitmap',
  'HTMLImageElement',
  'HTMLCanvasElement',
  'OffscreenCanvas',
  'HTMLVideoElement',
  'VideoFrame',
  'ImageData',
];

/**
 * A picture as browsers draw it, upright. The caller closes it.
 *
 * @throws ImageError
 */
export async function bitmapOf(input: ImageInput): Promise<ImageBitmap> {
  const kind = Object.prototype.toString.call(input).slice('[object '.length, -1);
  const source =
    kind === 'ArrayBuffer' || kind === 'Uint8Array'
      ? new Blob([input as Uint8Array<ArrayBuffer>])
      : (input as ImageBitmapSource);
  if (source instanceof Blob || DRAWABLE.includes(kind)) {
    try {
      return await createImageBitmap(source, { imageOrientation: 'from-image' });
    } catch {
      // What follows says what is wrong with it.
    }
  }
  const { width, height, channels, data } = await readImage(input);
  const rgba = new Uint8ClampedArray(width * height * 4);
  if (channels === 4) rgba.set(data);
  else {
    for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
      rgba[to] = data[from]!;
      rgba[to + 1] = data[from + 1]!;
      rgba[to + 2] = data[from + 2]!;
      rgba[to + 3] = 255;
    }
  }
  try {
    return await createImageBitmap(new ImageData(rgba, width, height));
  } catch (cause) {
    throw new ImageError(
      'unreadable',
      `The browser gave no memory to show a picture of ${width} x ${height}; free some, or give a ` +
        'smaller one.',
      { cause },
    );
  }
}
