const IMAGE_NAME = /\.(jpe?g|png|webp|avif|tiff?|gif|bmp)$/i;

/** Whether a file's name is that of an image. Hidden files are none. */
export function isImageName(name: string): boolean {
  return !name.startsWith('.') && IMAGE_NAME.test(name);
}

/** Numbers in names count by their value, so that frame10 follows frame9. */
export const compareNames: (first: string, second: string) => number = new Intl.Collator('en', {
  numeric: true,
}).compare;
