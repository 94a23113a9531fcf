import {
  type Box,
  isNearCropEdge,
  pixelCorners,
  RleUpsampler,
  type Size,
  uncropBox,
  uncropPoint,
} from '@samgpu/mask';
import type { Variant } from '@samgpu/variant';

import type { Frame } from '../preprocess/index.ts';
import { upsamplingPath } from '../segmenter/previous-mask.ts';
import { cleanLogits } from './clean-logits.ts';
import type { EverythingSettings } from './everything-settings.ts';
import type { Candidate } from './found-mask.ts';

/** One answer of the decoder to one point. */
export interface PointAnswer {
  /** In pixels of the encoded picture. */
  readonly point: { readonly x: number; readonly y: number };
  readonly score: number;
  /** `[logitSize, logitSize]`; not kept */
  readonly logits: Float32Array;
}

/** The encoded picture that answers belong to. */
export interface FilteredImage {
  readonly variant: Variant;
  readonly frame: Frame;
  /** Where it lies in the whole picture. */
  readonly crop: Box;
  /** The whole picture. */
  readonly image: Size;
}

/**
 * Turns answers into masks and drops those that are not good enough, in the order of the official
 * `_process_batch`: by predicted quality, by stability, and at the edges of a crop. The first needs
 * no pixels, and nothing of a mask that fails is kept.
 */
export class CandidateFilter {
  readonly #target: FilteredImage;
  readonly #settings: EverythingSettings;
  readonly #upsampler: RleUpsampler;

  constructor(target: FilteredImage, settings: EverythingSettings) {
    this.#target = target;
    this.#settings = settings;
    const { variant, frame, crop, image } = target;
    const { logitSize, threshold, inclusive } = variant.masks;
    this.#upsampler = new RleUpsampler({
      logits: { width: logitSize, height: logitSize },
      output: frame.original,
      path: upsamplingPath(variant, frame),
      placement: { x: crop.x, y: crop.y, image },
      threshold,
      inclusive,
      stabilityOffset: settings.stabilityOffset,
    });
  }

  /** The mask of an answer, or `undefined` where it is not good enough. */
  take({ point, score, logits }: PointAnswer): Candidate | undefined {
    const { predIouThreshold, stabilityThreshold, minMaskRegionArea, smallRegions } =
      this.#settings;
    // Thresholds are compared as float32, which is what they are in the official code.
    if (predIouThreshold > 0 && !(score > Math.fround(predIouThreshold))) return undefined;
    const { variant, crop, image } = this.#target;
    const cleaned =
      smallRegions === 'logits' && minMaskRegionArea > 0
        ? cleanLogits(logits, variant.masks, minMaskRegionArea)
        : logits;
    const { rle, area, bounds, stability } = this.#upsampler.upsample(cleaned);
    if (stabilityThreshold > 0 && !(stability >= Math.fround(stabilityThreshold))) return undefined;
    const inCrop = area === 0 ? bounds : { ...bounds, x: bounds.x - crop.x, y: bounds.y - crop.y };
    if (isNearCropEdge(pixelCorners(inCrop), crop, image)) return undefined;
    return {
      rle,
      area,
      bounds,
      // An empty mask lies at the top left of its crop, as in the official code.
      corners: uncropBox(pixelCorners(inCrop), crop),
      score,
      stability,
      point: uncropPoint(point, crop),
      cropBox: { x: crop.x, y: crop.y, width: crop.width, height: crop.height },
    };
  }
}
