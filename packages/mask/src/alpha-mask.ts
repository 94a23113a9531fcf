import type { Box } from './box.ts';
import type { Size } from './size.ts';

/** A mask with soft edges. */
export interface AlphaMask extends Size {
  /** The smallest box around all pixels above 0; all zeros where there are none. */
  readonly bounds: Box;
  /** 0 outside to 255 inside, row by row. */
  readonly alpha: Uint8Array; // [height, width]
}
