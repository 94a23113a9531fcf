import type { BackendInfo, Box, CompressedRle } from 'samgpu';

import type { OutputFormat } from '../outputs/output-format.ts';

/** How long the stages of one picture took, in milliseconds. */
export interface TextTimes {
  /** The file to pixels. */
  readonly read: number;
  /** Pixels to the input of the network. */
  readonly preprocess: number;
  /** The image encoder. */
  readonly encode: number;
  /** Waiting for the detector. */
  readonly ground: number;
  /** Boxes to masks. */
  readonly segment: number;
  /** Describing masks, and writing all files. */
  readonly write: number;
}

/** One object that was found. */
export interface FoundByWords {
  /** Which of the words it is. */
  readonly label: string;
  /** How sure the detector is, 0 to 1. */
  readonly boxScore: number;
  /** What the detector gave, in pixels of the picture. */
  readonly box: Box;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  readonly bounds: Box;
  /** In pixels. */
  readonly area: number;
  readonly rle: CompressedRle;
  /** Paths of the mask's own files, by format. */
  readonly files: Readonly<Partial<Record<OutputFormat, string>>>;
}

/** A picture in which words were looked for: a line of `--json`. */
export interface TextResult {
  readonly file: string;
  readonly words: string;
  readonly width: number;
  readonly height: number;
  readonly model: string;
  readonly backend: BackendInfo;
  readonly times: TextTimes;
  /** Those that the detector is surest of first. */
  readonly masks: readonly FoundByWords[];
  /** Paths of what was written for all masks together, by format. */
  readonly files: Readonly<Partial<Record<OutputFormat, string>>>;
}
