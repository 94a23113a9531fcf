import type { PixelSource } from '@samgpu/mask';

import type { ReadObject } from './picture-document.ts';

/** A picture and its objects as a file brings them. */
export interface ReadPicture {
  readonly image: PixelSource;
  /** From the bottom to the top. */
  readonly objects: readonly ReadObject[];
}
