import type { Box, CompressedRle } from 'samgpu';

import type { TrackFormat } from './track-request.ts';

/** An object on a frame. */
export interface TrackedMask {
  /** Its number, from 1. */
  readonly object: number;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** How sure the model is that the object is on the frame at all: above 0 if it is. */
  readonly objectScore: number;
  /** Whether it is hidden or has left the frame; its mask is empty then. */
  readonly occluded: boolean;
  readonly bounds: Box;
  /** In pixels. */
  readonly area: number;
  readonly rle: CompressedRle;
}

/** A frame that was tracked: a line of `--json`. */
export interface TrackedFrameResult {
  readonly frame: number;
  /** The image, of a folder. */
  readonly file?: string;
  readonly width: number;
  readonly height: number;
  readonly objects: readonly TrackedMask[];
  /** Paths of the frame's own files, by format. */
  readonly files: Readonly<Partial<Record<TrackFormat, readonly string[]>>>;
}
