import type { DescribedPrompt } from '../arguments/track-prompt-collector.ts';
import type { PictureRequest } from '../segment/segment-request.ts';

/** What can be written of a video, in the order in which it is. */
export const trackFormats = ['masks', 'indexed', 'overlay', 'coco', 'mots'] as const;

export type TrackFormat = (typeof trackFormats)[number];

/** Towards which end of the video objects are followed. */
export const directions = ['forward', 'backward', 'both'] as const;

export type Direction = (typeof directions)[number];

/** Everything that `samgpu track` was asked for, checked as far as that needs no file. */
export interface TrackRequest extends Pick<
  PictureRequest,
  'model' | 'weights' | 'backend' | 'threads' | 'maxPixels' | 'json'
> {
  /** A video file, or a folder of images. */
  readonly input: string;
  readonly prompts: readonly DescribedPrompt[];
  readonly direction: Direction;
  /** The last frame forward, included. */
  readonly to?: number | undefined;
  /** Whether objects may share pixels. */
  readonly overlapping: boolean;
  /** The folder to write to. */
  readonly output: string;
  /** What all that is written begins with. */
  readonly stem: string;
  /** The name of a video to write, with the overlay, in that folder. */
  readonly video?: string | undefined;
  readonly formats: readonly TrackFormat[];
  /** Throw away what an interrupted run has found. */
  readonly restart: boolean;
}
