import { assertBitmap, assertSameSize, bitmapArea, bitmapBounds, type Bitmap } from './bitmap.ts';
import type { Box } from './box.ts';
import { isRle } from './rle-or-bitmap.ts';
import { assertRle, decodeRle, encodeRle, rleArea, rleBounds, type Rle } from './run-length.ts';
import type { Size } from './size.ts';

/** Pixels in one of their two forms, with what is known of them without looking at each. */
export interface MaskForm {
  readonly pixels: Bitmap | Rle;
  readonly area?: number;
  readonly bounds?: Box;
}

/**
 * The pixels of a mask, made when first asked for, as a bitmap or as run lengths. The other form
 * follows from them. Bitmaps that were decoded live as long as something uses them: a thousand masks
 * that are held as run lengths take little memory.
 */
export class MaskPixels {
  readonly #size: Size;
  /** Dropped after use, so that nothing it refers to is kept alive. */
  #make: (() => MaskForm) | undefined;
  #form: MaskForm | undefined;
  #decoded: WeakRef<Bitmap> | undefined;
  #area: number | undefined;
  #bounds: Box | undefined;

  /**
   * @param make - called once; what it gives belongs to the mask
   * @param known - of the pixels, before they are made
   */
  constructor(size: Size, make: () => MaskForm, known: Omit<MaskForm, 'pixels'> = {}) {
    this.#size = size;
    this.#make = make;
    this.#area = known.area;
    this.#bounds = known.bounds;
  }

  /** @throws MaskError where something else than a mask of this size was made */
  get bitmap(): Bitmap {
    const { pixels } = this.#made();
    if (!isRle(pixels)) return pixels;
    let bitmap = this.#decoded?.deref();
    if (bitmap === undefined) {
      bitmap = decodeRle(pixels);
      this.#decoded = new WeakRef(bitmap);
    }
    return bitmap;
  }

  /** Run lengths, if that is what the mask is held as. */
  get heldRle(): Rle | undefined {
    const { pixels } = this.#made();
    return isRle(pixels) ? pixels : undefined;
  }

  get rle(): Rle {
    return this.heldRle ?? encodeRle(this.bitmap);
  }

  get area(): number {
    if (this.#area === undefined) {
      const { pixels, area } = this.#made();
      this.#area = area ?? (isRle(pixels) ? rleArea(pixels) : bitmapArea(pixels));
    }
    return this.#area;
  }

  get bounds(): Box {
    if (this.#bounds === undefined) {
      const { pixels, bounds } = this.#made();
      this.#bounds = bounds ?? (isRle(pixels) ? rleBounds(pixels) : bitmapBounds(pixels));
    }
    return this.#bounds;
  }

  /** Whether the pixels were made already. */
  get areMade(): boolean {
    return this.#form !== undefined;
  }

  #made(): MaskForm {
    if (this.#form === undefined) {
      const form = this.#make!();
      const { pixels } = form;
      if (isRle(pixels)) {
        assertRle(pixels);
        const [height, width] = pixels.size;
        assertSameSize({ width, height }, this.#size);
      } else {
        assertBitmap(pixels);
        assertSameSize(pixels, this.#size);
      }
      this.#form = form;
      this.#make = undefined;
    }
    return this.#form;
  }
}
