import { isValidSize, type Size } from './size.ts';
import { assertMaskSize } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { bicubicTaps, bilinearTaps, composeTaps, type Taps } from './resampling-taps.ts';

/** Logits of one mask at the model's own resolution. */
export interface Logits extends Size {
  readonly data: Float32Array; // [height, width]
}

/** Enlarges in two bilinear steps over the padded model frame: SAM and its like, and nano. */
export interface TwoStepPath {
  readonly mode: 'two-step';
  /** The model's input, padding included: 1024x1024 for SAM, 384x384 for nano. */
  readonly frame: Size;
  /** The resized image at the top left of the frame; the rest is padding. */
  readonly resized: Size;
}

/** Enlarges in one step, for models that squash the image: SAM 2 bilinear, EfficientSAM bicubic. */
export interface DirectPath {
  readonly mode: 'bilinear-direct' | 'bicubic-direct';
}

/** How a model's logits lie over the original image. */
export type UpsamplingPath = TwoStepPath | DirectPath;

/** The operator from logits to the original image, one axis each. */
export interface UpsamplingTaps {
  readonly horizontal: Taps;
  readonly vertical: Taps;
  /** All weights are at least 0 and sum to 1, so an output never leaves the range of its taps. */
  readonly convex: boolean;
}

/**
 * Composes the steps of a path per axis.
 *
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function upsamplingTaps(logits: Size, output: Size, path: UpsamplingPath): UpsamplingTaps {
  assertMaskSize(output);
  assertPath(path);
  const [{ width, height }, { width: across, height: down }] = [logits, output];
  const key = JSON.stringify([width, height, across, down, path]);
  let taps = recent.get(key);
  recent.delete(key);
  taps ??= makeTaps(logits, output, path);
  recent.set(key, taps);
  if (recent.size > MOST_RECENT) recent.delete(recent.keys().next().value!);
  return taps;
}

/** Candidates of one prompt, and prompts on one picture, are enlarged alike. Nobody writes to taps. */
const recent = new Map<string, UpsamplingTaps>();

/** Of 24 megapixels they take half a megabyte. */
const MOST_RECENT = 4;

function makeTaps(logits: Size, output: Size, path: UpsamplingPath): UpsamplingTaps {
  if (path.mode === 'two-step') {
    const { frame, resized } = path;
    const twoSteps = (size: number, frameSize: number, resizedSize: number, end: number): Taps =>
      composeTaps(bilinearTaps(size, frameSize), bilinearTaps(resizedSize, end), size);
    return {
      horizontal: twoSteps(logits.width, frame.width, resized.width, output.width),
      vertical: twoSteps(logits.height, frame.height, resized.height, output.height),
      convex: true,
    };
  }
  const tapsOf = path.mode === 'bilinear-direct' ? bilinearTaps : bicubicTaps;
  return {
    horizontal: tapsOf(logits.width, output.width),
    vertical: tapsOf(logits.height, output.height),
    convex: path.mode === 'bilinear-direct',
  };
}

/**
 * @throws {@link MaskError} `invalid-size` when the resized image does not fit its frame
 */
export function assertPath(path: UpsamplingPath): void {
  if (path.mode !== 'two-step') return;
  const { frame, resized } = path;
  if (
    !isValidSize(frame) ||
    !isValidSize(resized) ||
    resized.width > frame.width ||
    resized.height > frame.height
  ) {
    throw new MaskError(
      'invalid-size',
      `resized image of ${resized.width}x${resized.height} in a model frame of ` +
        `${frame.width}x${frame.height}: wanted whole sides with the image inside the frame.`,
    );
  }
}

/**
 * @throws {@link MaskError} `invalid-size` or `size-mismatch`
 */
export function assertLogits({ width, height, data }: Logits): void {
  assertMaskSize({ width, height });
  if (data.length !== width * height) {
    throw new MaskError(
      'size-mismatch',
      `${data.length} logits for ${width}x${height}: wanted ${width * height}, those of one mask. ` +
        'Take a subarray when the model returned several masks.',
    );
  }
}
