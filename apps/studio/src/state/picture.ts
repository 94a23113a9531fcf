/** The picture that is open, as the page draws it. */
export interface Picture {
  readonly bitmap: ImageBitmap;
  readonly name: string;
}

/** @throws an error that says what to do, for a file that the browser cannot read as a picture */
export async function openPicture(file: Blob, name: string): Promise<Picture> {
  try {
    const bitmap = await createImageBitmap(file, {
      imageOrientation: 'from-image',
      premultiplyAlpha: 'none',
    });
    return { bitmap, name };
  } catch (cause) {
    throw new Error(
      'This browser cannot read it as a picture. Convert it to PNG, JPEG, WebP or AVIF and open that.',
      { cause },
    );
  }
}
