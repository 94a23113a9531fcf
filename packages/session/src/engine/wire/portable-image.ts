import { type ImageInput, type PixelImage, readImage } from 'samgpu';

import { SessionError } from '../../session-error.ts';

/** An image that can be sent elsewhere. */
export type PortableImage = Blob | PixelImage | ImageBitmap | VideoFrame;

/**
 * An image in a form that can be sent elsewhere: files stay files, and are decoded where they are
 * encoded; what only this page can read is read here.
 *
 * @param decoded - whether what the browser holds decoded can be sent, too
 * @throws SessionError `unsupported` for a texture
 * @throws ImageError for what cannot be read
 */
export async function portableImage(
  input: ImageInput,
  decoded: boolean,
  signal: AbortSignal | undefined,
): Promise<PortableImage> {
  switch (classNameOf(input)) {
    case 'Blob':
    case 'File':
      return input as Blob;
    case 'Uint8Array':
    case 'ArrayBuffer':
      return new Blob([input as Uint8Array<ArrayBuffer> | ArrayBuffer]);
    case 'Response':
      return (input as Response).blob();
    case 'ImageBitmap':
    case 'VideoFrame':
      if (decoded) return input as ImageBitmap | VideoFrame;
      break;
    case 'GPUTexture':
      throw new SessionError(
        'unsupported',
        'a GPUTexture stays in its page: use an engine there (createEngine), or give the pixels',
      );
    default:
  }
  return readImage(input, { ...(signal && { signal }) });
}

/** The class of a value, by name: works across realms and where the class is not defined. */
function classNameOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
