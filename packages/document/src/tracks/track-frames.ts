import type { Box, CompressedRle, Size } from '@samgpu/mask';

/** An object on a frame of a video. */
export interface TrackMask {
  /** Its number, from 1; the same on all frames. */
  readonly object: number;
  readonly score: number;
  readonly bounds: Box;
  /** In pixels; 0 where it is not to be seen. */
  readonly area: number;
  readonly rle: CompressedRle;
}

/** A frame of a video, and the masks on it. */
export interface TrackFrame extends Size {
  readonly objects: readonly TrackMask[];
}

/** Frames with masks, read one by one so that memory holds no video. */
export interface TrackFrames {
  /** Their numbers from 0, in order. */
  readonly frames: readonly number[];
  read(frame: number): TrackFrame | Promise<TrackFrame>;
}
