import type { FrameSource, VideoInput } from './frame-source.ts';

/** A video whose frames can be read. Close it when done, by `close()` or `using`. */
export interface Video extends FrameSource {
  /** Frames per second, on average; undefined where there is no such thing or nothing tells. */
  readonly frameRate: number | undefined;
  /** About how many frames there are, to show progress; undefined where nothing tells. */
  readonly expectedCount: number | undefined;
  /** What the images of a folder are called, in their order. */
  readonly names?: readonly string[];
  /**
   * When a frame that was read is shown, in seconds from the start of the video; undefined where nothing
   * tells. Distances between frames may differ.
   */
  timeOf?(frame: number): number | undefined;
  close(): void;
  [Symbol.dispose](): void;
}

export interface VideoOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Frames per second at which a `<video>` element is gone through, because it does not tell its own.
   * Other videos give the frames that they have.
   *
   * @defaultValue 30
   */
  readonly frameRate?: number | undefined;
}

/**
 * Opens a video: what {@link FrameSource} says of frames, for files and whatever else the platform has.
 *
 * Frames are those that are stored, in the order in which they are shown, whatever time is between them;
 * rotation is applied and pixels are made square. Files are never in memory as a whole. In Node FFmpeg
 * decodes (the programs `ffmpeg` and, for frame rate and length, `ffprobe` on PATH), in browsers WebCodecs
 * by the package `mediabunny`, which is loaded here.
 *
 * @throws VideoError
 */
export async function openVideo(input: VideoInput, options: VideoOptions = {}): Promise<Video> {
  const platform = await import('#video-source');
  return platform.openVideo(input, options);
}
