import type { Box, CompressedRle } from '@samgpu/mask';
import type { ImageInput, Point } from 'samgpu';

import type { TaskOptions } from '../../engine/engine.ts';

/** How objects are followed. */
export interface TrackRequest {
  /** Frames of the video. SAM 2.1 wants it of clips with fewer than 16; undefined where nobody knows. */
  readonly count?: number;
  /** Whether objects may share pixels. @defaultValue true */
  readonly overlapping?: boolean;
}

/** A track that was opened. */
export interface OpenedTrack {
  /** For the other calls, and `Engine.release`. */
  readonly id: string;
}

/** Where an object is on a frame; replaces what was said of it there. Points, a box, both, or a mask. */
export interface TrackPromptRequest {
  readonly frame: number;
  readonly object: number;
  readonly points?: readonly Point[];
  readonly box?: Box;
  readonly mask?: CompressedRle;
}

/** The next frame of a course through the video. */
export interface TrackStep {
  readonly frame: number;
  /** Whether a course begins here: then what was given since is remembered first. */
  readonly begins: boolean;
  /** Whether frames come in reverse. Counts where a course begins. */
  readonly reverse: boolean;
}

/** An object on a frame. Plain data. */
export interface TrackedMask {
  readonly object: number;
  /** Empty where the object is occluded. */
  readonly rle: CompressedRle;
  /** In pixels. */
  readonly area: number;
  readonly score: number;
  /** Above 0 where the object is on the frame. */
  readonly objectScore: number;
  readonly occluded: boolean;
}

export interface TrackReply {
  readonly frame: number;
  /** Those that something is known of. */
  readonly objects: readonly TrackedMask[];
  /** Of all that is remembered. */
  readonly bytes: number;
}

/**
 * What follows objects through videos: part of an engine. Frames are handed over with the calls that
 * need them, so it needs neither the video nor a decoder, and may be in another thread.
 *
 * Calls for one track run one after another. Errors are those of an `Engine`.
 */
export interface VideoEngine {
  /** @param model - id of a loaded model that can follow objects */
  open(model: string, request: TrackRequest, options?: TaskOptions): Promise<OpenedTrack>;
  /** @param image - the frame that the prompt is on */
  add(
    track: string,
    prompt: TrackPromptRequest,
    image: ImageInput,
    options?: TaskOptions,
  ): Promise<TrackReply>;
  /** Forgets an object. */
  remove(track: string, object: number): Promise<Pick<TrackReply, 'bytes'>>;
  /** Follows all objects to a frame. Adding, removing and an abort end the course. */
  follow(
    track: string,
    step: TrackStep,
    image: ImageInput,
    options?: TaskOptions,
  ): Promise<TrackReply>;
}
