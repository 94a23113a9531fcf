import type { Box } from './box.ts';
import type { Size } from './size.ts';
import {
  assertBitmap,
  assertMaskSize,
  assertSameSize,
  bitmapArea,
  bitmapBounds,
  bitmapFrom,
  type Bitmap,
} from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { drawOverlay, type OverlayOptions } from './overlay.ts';
import { checkReduction, reduceBitmap, reduceRle, type ReduceOptions } from './reduce-mask.ts';
import { cutOut, renderMask, type MaskImageOptions } from './render-mask.ts';
import type { PixelSource, RgbaImage } from './rgba-image.ts';
import { toCompressedRle, type CompressedRle } from './run-length-text.ts';
import { assertRle, decodeRle, encodeRle, rleArea, rleBounds, type Rle } from './run-length.ts';
import { stabilityScore } from './stability-score.ts';
import { toSvgPath } from './svg-path.ts';
import { tracePolygons, type Polygon, type TraceOptions } from './trace-polygons.ts';
import { isInsideUpsampled, upsampleLogits } from './upsample-logits.ts';
import { assertLogits, type Logits, type UpsamplingPath } from './upsampling-path.ts';

/** What is known about a mask besides its pixels. */
export interface MaskDetails {
  /** The model's own estimate of the mask's quality, 0 to 1. Default 1, for masks made by hand. */
  readonly score?: number;
  /** See `stabilityScore`. Default: computed from the logits, and 1 where there are none. */
  readonly stability?: number;
  /** What the model gave, at its own resolution: fed back when this mask is corrected. */
  readonly logits?: Logits;
  /** Gives the picture, for `cutout` and `overlay`. Called only when it is needed. */
  readonly source?: () => PixelSource;
}

/** How logits are enlarged to a mask of the image. Plain data. */
export interface Enlargement {
  /** Size of the original image. */
  readonly size: Size;
  /** How the logits lie over the original image. */
  readonly path: UpsamplingPath;
  /** A pixel is inside when its logit is above this. Default 0. */
  readonly threshold?: number;
  /** Count a logit equal to the threshold as inside. Default `false`. */
  readonly inclusive?: boolean;
  /** Distance from the threshold at which `stability` looks. Default 1. */
  readonly stabilityOffset?: number;
}

/** How logits of a model become a {@link Mask}. */
export interface MaskFromLogitsOptions extends Omit<MaskDetails, 'logits'>, Enlargement {
  /** The pixels, where something else, a GPU for example, enlarged the logits already. */
  readonly pixels?: MadePixels;
}

/** Pixels of a mask with what is known of them without looking at each. */
export interface MadePixels {
  /** Number of pixels inside. */
  readonly area: number;
  /** The smallest box around all pixels inside; all zeros for an empty mask. */
  readonly bounds: Box;
  /** Called once, when they are first needed. Belongs to the mask afterwards. */
  readonly bitmap: () => Bitmap;
}

/** Where `cutout` and `overlay` take the picture from. */
export interface SourceOptions {
  /** Default: the picture that was segmented. */
  readonly source?: PixelSource;
}

/** How {@link Mask.cutout} cuts. */
export interface CutoutOptions extends SourceOptions {
  /** Return only the part within `bounds`. Default `false`: the size of the image. */
  readonly crop?: boolean;
}

interface Pixels {
  readonly bitmap: Bitmap;
  readonly area?: number;
  readonly bounds?: Box;
}

/**
 * The pixels of one object in an image. Immutable; its pixels are made when first asked for, so
 * candidates that nobody looks at cost nothing.
 *
 * A mask is a `Bitmap`, too: every function that takes one takes a mask.
 */
export class Mask implements Bitmap {
  readonly width: number;
  readonly height: number;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** What the model gave, at its own resolution; `undefined` for masks made by hand. */
  readonly logits: Logits | undefined;
  /**
   * How the pixels follow from `logits`, for a copy of the mask elsewhere; `undefined` where they do
   * not, as after a clean-up or when a GPU made them.
   */
  readonly enlargement: Enlargement | undefined;
  /** Dropped after use, so that nothing it refers to is kept alive. */
  #makePixels: (() => Pixels) | undefined;
  /** Of masks made of run lengths, which need their pixels only now and then. */
  #rle: Rle | undefined;
  #decoded: WeakRef<Bitmap> | undefined;
  readonly #source: (() => PixelSource) | undefined;
  readonly #stabilityOf: () => number;
  #pixels: Pixels | undefined;
  #area: number | undefined;
  #bounds: Box | undefined;
  #stability: number | undefined;

  private constructor(
    size: Size,
    makePixels: (() => Pixels) | undefined,
    details: MaskDetails,
    stabilityOf: () => number,
    enlargement?: Enlargement,
  ) {
    this.enlargement = enlargement;
    this.width = size.width;
    this.height = size.height;
    this.score = details.score ?? 1;
    this.logits = details.logits;
    this.#makePixels = makePixels;
    this.#source = details.source;
    this.#stability = details.stability;
    this.#stabilityOf = stabilityOf;
  }

  /**
   * A mask from what a model gave.
   *
   * @param logits - of one mask; not copied
   * @throws {@link MaskError} `invalid-size` or `size-mismatch`
   */
  static fromLogits(logits: Logits, options: MaskFromLogitsOptions): Mask {
    const { size, path, threshold = 0, inclusive = false, stabilityOffset = 1, pixels } = options;
    assertMaskSize(size);
    assertLogits(logits);
    const mask = new Mask(
      size,
      () => {
        if (pixels === undefined)
          return upsampleLogits(logits, size, path, { threshold, inclusive });
        const bitmap = pixels.bitmap();
        assertBitmap(bitmap);
        assertSameSize(bitmap, size);
        return { bitmap };
      },
      { ...options, logits },
      () => stabilityScore(logits.data, { threshold, offset: stabilityOffset }),
      // What something else enlarged may differ in a rounding.
      pixels === undefined ? { size, path, threshold, inclusive, stabilityOffset } : undefined,
    );
    mask.#area = pixels?.area;
    mask.#bounds = pixels?.bounds;
    return mask;
  }

  /**
   * A mask from pixels, for example one painted by hand to be corrected by a model.
   *
   * @param bitmap - copied; everything that is not 0 counts as inside
   * @throws {@link MaskError} `invalid-size` or `size-mismatch`
   */
  static fromBitmap(bitmap: Bitmap, details: MaskDetails = {}): Mask {
    assertBitmap(bitmap);
    const copy = bitmapFrom(bitmap.data, bitmap.width, bitmap.height);
    return Mask.#of(copy, () => ({ bitmap: copy }), details);
  }

  /**
   * A mask from run lengths. Decompress a string with `fromCompressedRle` first.
   *
   * It holds the run lengths; its pixels exist while something uses them. A thousand such masks of
   * a large picture take little memory.
   *
   * @param rle - not copied
   * @throws {@link MaskError} `invalid-size` or `invalid-rle`
   */
  static fromRle(rle: Rle, details: MaskDetails = {}): Mask {
    assertRle(rle);
    const [height, width] = rle.size;
    const mask = Mask.#of({ width, height }, undefined, details);
    mask.#rle = rle;
    return mask;
  }

  static #of(size: Size, makePixels: (() => Pixels) | undefined, details: MaskDetails): Mask {
    const { logits } = details;
    if (logits !== undefined) assertLogits(logits);
    return new Mask(size, makePixels, details, () =>
      logits === undefined ? 1 : stabilityScore(logits.data),
    );
  }

  /**
   * This mask after a clean-up such as `keepComponentsAt` or `fillHoles`. Score, stability and
   * logits stay those that the model gave. For a mask changed by hand use {@link Mask.fromBitmap}.
   *
   * @param clean - called when the pixels are first needed; must not write to what it is given
   */
  cleaned(clean: (bitmap: Bitmap) => Bitmap): Mask {
    const makePixels = (): Pixels => {
      const bitmap = clean(this.#made().bitmap);
      assertBitmap(bitmap);
      assertSameSize(bitmap, this);
      return { bitmap };
    };
    const details: MaskDetails = {
      score: this.score,
      ...(this.#stability !== undefined && { stability: this.#stability }),
      ...(this.logits !== undefined && { logits: this.logits }),
      ...(this.#source !== undefined && { source: this.#source }),
    };
    return new Mask(this, makePixels, details, this.#stabilityOf);
  }

  /** 1 inside, 0 outside, row by row. Shared, not a copy: do not write to it. */
  get data(): Uint8Array {
    return this.#made().bitmap.data; // [height, width]
  }

  /** Number of pixels inside. */
  get area(): number {
    this.#area ??= this.#rle === undefined ? this.#areaOfPixels() : rleArea(this.#rle);
    return this.#area;
  }

  /** The smallest box around all pixels inside; all zeros for an empty mask. */
  get bounds(): Box {
    this.#bounds ??= this.#rle === undefined ? this.#boundsOfPixels() : rleBounds(this.#rle);
    return this.#bounds;
  }

  /** How little the mask changes when its threshold moves, 0 to 1; see `stabilityScore`. */
  get stability(): number {
    this.#stability ??= this.#stabilityOf();
    return this.#stability;
  }

  /** Whether a point lies inside. It belongs to the pixel that it falls into. */
  contains(x: number, y: number): boolean {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (!(column >= 0 && row >= 0 && column < this.width && row < this.height)) return false;
    const { logits, enlargement } = this;
    if (this.#pixels === undefined && logits !== undefined && enlargement !== undefined) {
      // One pixel is not worth making all of them.
      const { size, path } = enlargement;
      return isInsideUpsampled(logits, size, path, enlargement, column, row);
    }
    return this.data[row * this.width + column] === 1;
  }

  /**
   * Part of the mask, or all of it, at a fraction of its size, for those who show it small. A pixel is inside
   * where at least a quarter of what it stands for is.
   *
   * @throws {@link MaskError} `invalid-option`
   */
  reduce(options: ReduceOptions = {}): Bitmap {
    const reduction = checkReduction(this, options);
    return this.#rle === undefined
      ? reduceBitmap(this, reduction)
      : reduceRle(this.#rle, reduction);
  }

  /** The mask as an image: by default white inside, transparent outside. */
  toImageData(options?: MaskImageOptions): RgbaImage {
    return renderMask(this, options);
  }

  /** COCO run lengths, as numbers or in COCO's compressed text form. */
  toRle(options?: { readonly compressed?: false }): Rle;
  toRle(options: { readonly compressed: true }): CompressedRle;
  toRle({ compressed = false }: { readonly compressed?: boolean } = {}): Rle | CompressedRle {
    const rle = this.#rle ?? encodeRle(this);
    return compressed ? toCompressedRle(rle) : rle;
  }

  /**
   * Outlines with holes, along pixel edges or simplified.
   *
   * @throws {@link MaskError} `invalid-option`
   */
  toPolygons(options?: TraceOptions): Polygon[] {
    return tracePolygons(this, options);
  }

  /**
   * The outlines as `d` of an SVG path, in pixels of the image.
   *
   * @throws {@link MaskError} `invalid-option`
   */
  toSvgPath(options?: TraceOptions): string {
    return toSvgPath(tracePolygons(this, options));
  }

  /**
   * The object cut out of its picture: pixels outside are transparent black.
   *
   * @throws {@link MaskError} `no-source`, `size-mismatch`, or `empty-mask` when cropping to nothing
   */
  cutout({ crop = false, source }: CutoutOptions = {}): RgbaImage {
    const { width, height } = this;
    const area = crop ? this.bounds : { x: 0, y: 0, width, height };
    return cutOut(this, source ?? this.#sourcePixels('cutout'), area);
  }

  /**
   * The picture with the object tinted, and outlined if wished.
   *
   * @throws {@link MaskError} `no-source`, `size-mismatch` or `invalid-option`
   */
  overlay({ source, ...options }: OverlayOptions & SourceOptions = {}): RgbaImage {
    return drawOverlay(this, source ?? this.#sourcePixels('overlay'), options);
  }

  #areaOfPixels(): number {
    const { bitmap, area } = this.#made();
    return area ?? bitmapArea(bitmap);
  }

  #boundsOfPixels(): Box {
    const { bitmap, bounds } = this.#made();
    return bounds ?? bitmapBounds(bitmap);
  }

  #made(): Pixels {
    if (this.#rle !== undefined) {
      let bitmap = this.#decoded?.deref();
      if (bitmap === undefined) {
        bitmap = decodeRle(this.#rle);
        this.#decoded = new WeakRef(bitmap);
      }
      return { bitmap };
    }
    if (this.#pixels === undefined) {
      this.#pixels = this.#makePixels!();
      this.#makePixels = undefined;
    }
    return this.#pixels;
  }

  #sourcePixels(method: string): PixelSource {
    if (this.#source === undefined) {
      throw new MaskError(
        'no-source',
        `mask.${method}(): this mask does not know its picture. Pass it as ` +
          `mask.${method}({ source }), with { width, height, data } in RGBA.`,
      );
    }
    return this.#source();
  }
}
