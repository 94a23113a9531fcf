import type { BackendInfo, Box, CompressedRle } from 'samgpu';

import type { ErrorDetails } from '../error-details.ts';
import type { OutputFormat } from '../outputs/output-format.ts';

/** How long the stages of one picture took, in milliseconds. */
export interface PictureTimes {
  /** The file to pixels. */
  readonly read: number;
  /** Pixels to the input of the network. */
  readonly preprocess: number;
  /** The image encoder. */
  readonly encode: number;
  /** Prompts through the mask decoder. */
  readonly decode: number;
  /** What the decoder gave to masks of the picture's size. */
  readonly masks: number;
  /** Describing masks, and writing all files. */
  readonly write: number;
}

/** One mask that was written. */
export interface MaskResult {
  /** Which of the described objects it is, from 1. */
  readonly object: number;
  /** Which of the alternatives for this object it is, from 1, best first. */
  readonly alternative: number;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** How little the mask changes when its threshold moves, 0 to 1. */
  readonly stability: number;
  readonly bounds: Box;
  /** In pixels. */
  readonly area: number;
  readonly rle: CompressedRle;
  /** Paths of what was written, by format. */
  readonly files: Readonly<Partial<Record<OutputFormat, string>>>;
}

/** A picture that was segmented: a line of `--json`. */
export interface PictureResult {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly model: string;
  readonly backend: BackendInfo;
  readonly times: PictureTimes;
  readonly masks: readonly MaskResult[];
}

/** A picture that could not be segmented: a line of `--json`. */
export interface PictureFailure {
  readonly file: string;
  readonly error: ErrorDetails;
}

export type PictureOutcome = PictureResult | PictureFailure;

export function isFailure(outcome: PictureOutcome): outcome is PictureFailure {
  return 'error' in outcome;
}
