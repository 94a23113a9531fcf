import type { BackendInfo, Box, CompressedRle } from 'samgpu';

import type { OutputFormat } from '../outputs/output-format.ts';

/** How long the stages of one picture took, in milliseconds. */
export interface EverythingTimes {
  /** The file to pixels. */
  readonly read: number;
  /** Pixels to the input of the network. */
  readonly preprocess: number;
  /** The image encoder, for the whole picture. */
  readonly encode: number;
  /** The grid through the decoder, and all that makes masks of its answers; crops' encoders, too. */
  readonly find: number;
  /** Describing masks, and writing all files. */
  readonly write: number;
}

/** One mask that was found. */
export interface EverythingMask {
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** How little the mask changes when its threshold moves, 0 to 1. */
  readonly stability: number;
  readonly bounds: Box;
  /** In pixels. */
  readonly area: number;
  /** Where the model was asked, in pixels of the picture. */
  readonly point: { readonly x: number; readonly y: number };
  /** The part of the picture that the model saw. */
  readonly cropBox: Box;
  readonly rle: CompressedRle;
  /** Paths of the mask's own files, by format. */
  readonly files: Readonly<Partial<Record<OutputFormat, string>>>;
}

/** A picture in which everything was found: a line of `--json`. */
export interface EverythingResult {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly model: string;
  readonly backend: BackendInfo;
  readonly times: EverythingTimes;
  /** Whether all points were tried; `false` after an interruption. */
  readonly complete: boolean;
  readonly points: { readonly tried: number; readonly total: number };
  /** Share of the picture that lies in at least one mask, 0 to 1. */
  readonly covered: number;
  /** Best first. */
  readonly masks: readonly EverythingMask[];
  /** Paths of what was written for all masks together, by format. */
  readonly files: Readonly<Partial<Record<OutputFormat, string>>>;
}
