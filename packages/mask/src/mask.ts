import type { Box } from './box.ts';
import type { Size } from './size.ts';
import { assertBitmap, assertMaskSize, bitmapFrom, type Bitmap } from './bitmap.ts';
import { type MaskForm, MaskPixels } from './mask-pixels.ts';
import { MaskError } from './mask-error.ts';
import { drawOverlay, type OverlayOptions } from './overlay.ts';
import { checkReduction, reduceBitmap, reduceRle, type ReduceOptions } from './reduce-mask.ts';
import { cutOut, renderMask, type MaskImageOptions } from './render-mask.ts';
import type { PixelSource, RgbaImage } from './rgba-image.ts';
import { toCompressedRle, type CompressedRle } from './run-length-text.ts';
import { assertRle, type Rle } from './run-length.ts';
import { stabilityScore } from './stability-score.ts';
import { toSvgPath } from './svg-path.ts';
import { tracePolygons, type Polygon, type TraceOptions } from './trace-polygons.ts';
import { isInsideUpsampled } from './upsample-logits.ts';
import { RleUpsampler } from './upsample-to-rle.ts';
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
  readonly #pixels: MaskPixels;
  readonly #source: (() => PixelSource) | undefined;
  readonly #stabilityOf: () => number;
  #stability: number | undefined;

  private constructor(
    size: Size,
    pixels: MaskPixels,
    details: MaskDetails,
    stabilityOf: () => number,
    enlargement?: Enlargement,
  ) {
    this.enlargement = enlargement;
    this.width = size.width;
    this.height = size.height;
    this.score = details.score ?? 1;
    this.logits = details.logits;
    this.#pixels = pixels;
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
    const enlarge = (): MaskForm => {
      const { rle, area, bounds } = new RleUpsampler({
        logits,
        output: size,
        path,
        threshold,
        inclusive,
        stabilityOffset: 0, // Not asked for, and what lies between costs time.
      }).upsample(logits.data);
      return { pixels: rle, area, bounds };
    };
    return new Mask(
      size,
      pixels === undefined
        ? new MaskPixels(size, enlarge)
        : new MaskPixels(size, () => ({ pixels: pixels.bitmap() }), pixels),
      { ...options, logits },
      () => stabilityScore(logits.data, { threshold, offset: stabilityOffset }),
      // What something else enlarged may differ in a rounding.
      pixels === undefined ? { size, path, threshold, inclusive, stabilityOffset } : undefined,
    );
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
    return Mask.#of(copy, copy, details);
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
    return Mask.#of({ width, height }, rle, details);
  }

  static #of(size: Size, pixels: Bitmap | Rle, details: MaskDetails): Mask {
    const { logits } = details;
    if (logits !== undefined) assertLogits(logits);
    return new Mask(size, new MaskPixels(size, () => ({ pixels })), details, () =>
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
    return this.#cleaned(() => clean(this.#pixels.bitmap));
  }

  /**
   * The same for clean-ups of run lengths, which cost less the larger the picture is. What works on
   * bitmaps here works on run lengths, too.
   *
   * @param clean - called when the pixels are first needed; must not write to what it is given
   */
  cleanedRle(clean: (rle: Rle) => Rle): Mask {
    return this.#cleaned(() => clean(this.#pixels.rle));
  }

  #cleaned(clean: () => Bitmap | Rle): Mask {
    const details: MaskDetails = {
      score: this.score,
      ...(this.#stability !== undefined && { stability: this.#stability }),
      ...(this.logits !== undefined && { logits: this.logits }),
      ...(this.#source !== undefined && { source: this.#source }),
    };
    const pixels = new MaskPixels(this, () => ({ pixels: clean() }));
    return new Mask(this, pixels, details, this.#stabilityOf);
  }

  /** 1 inside, 0 outside, row by row. Shared, not a copy: do not write to it. */
  get data(): Uint8Array {
    return this.#pixels.bitmap.data; // [height, width]
  }

  /** Number of pixels inside. */
  get area(): number {
    return this.#pixels.area;
  }

  /** The smallest box around all pixels inside; all zeros for an empty mask. */
  get bounds(): Box {
    return this.#pixels.bounds;
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
    if (!this.#pixels.areMade && logits !== undefined && enlargement !== undefined) {
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
    const rle = this.#pixels.heldRle;
    return rle === undefined ? reduceBitmap(this, reduction) : reduceRle(rle, reduction);
  }

  /** The mask as an image: by default white inside, transparent outside. */
  toImageData(options?: MaskImageOptions): RgbaImage {
    return renderMask(this, options);
  }

  /** COCO run lengths, as numbers or in COCO's compressed text form. */
  toRle(options?: { readonly compressed?: false }): Rle;
  toRle(options: { readonly compressed: true }): CompressedRle;
  toRle({ compressed = false }: { readonly compressed?: boolean } = {}): Rle | CompressedRle {
    const { rle } = this.#pixels;
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
