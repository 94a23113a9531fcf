import type { ImageInput } from '../image-source/index.ts';

/** Frames that can be read in any order: a folder of images, a video that can be sought in. */
export interface FrameSource {
  /**
   * How many there are; undefined where only reading tells. SAM 2.1 counts time in shares of a clip that
   * has fewer than 16 frames, so say it of such ones.
   */
  readonly count?: number | undefined;
  /**
   * The frame of that number, from 0 on; undefined past the end. A frame is to be used before the next
   * one is read: its source may write over it then.
   */
  read(
    frame: number,
    signal?: AbortSignal,
  ): ImageInput | undefined | Promise<ImageInput | undefined>;
}

/**
 * What holds a whole video.
 *
 * - Node: the path or `file:` URL of a video file, or of a folder of images
 * - browser: a video file as `Blob`, `File` or `URL`, a `<video>` element, a `MediaStream` or its video
 *   track, the images of an `<input webkitdirectory>` or of a `FileSystemDirectoryHandle`
 */
export type VideoInput =
  | string
  | URL
  | Blob
  | HTMLVideoElement
  | MediaStream
  | MediaStreamTrack
  | FileList
  | FileSystemDirectoryHandle;

/**
 * Where frames come from: a video, a list of images, something that reads them by number, or a stream,
 * of which each frame is taken once. Streams may be endless: they are not kept.
 */
export type FrameInput =
  | VideoInput
  | readonly ImageInput[]
  | FrameSource
  | AsyncIterable<ImageInput>
  | Iterable<ImageInput>;
