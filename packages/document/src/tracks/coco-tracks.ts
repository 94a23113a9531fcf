import { COCO_CATEGORY, type CocoAnnotation, cocoHead } from '../coco/coco-file.ts';
import type { TrackFrames } from './track-frames.ts';

/** A mask of a video as COCO describes it. */
export interface CocoTrackAnnotation extends CocoAnnotation {
  /** The object, the same on all frames. */
  readonly track_id: number;
  readonly video_id?: number;
}

/** How {@link cocoTracks} writes. */
export interface CocoTracksOptions {
  /** What the image of a frame is called. */
  readonly fileOf: (frame: number) => string;
  /** Adds lists of videos and tracks, and the video's id to images and annotations. */
  readonly video?: {
    readonly name: string;
    /** Names of objects by their numbers. */
    readonly objects: ReadonlyMap<number, string>;
  };
}

const VIDEO = 1;

/**
 * All masks as one COCO file: an image for each frame, run lengths, and `track_id` for the object.
 *
 * @returns the file's text, piece by piece
 */
export async function* cocoTracks(
  tracks: TrackFrames,
  { fileOf, video }: CocoTracksOptions,
): AsyncGenerator<string, void, undefined> {
  const { frames } = tracks;
  const ofVideo = video === undefined ? {} : { video_id: VIDEO };
  yield `{"info":${JSON.stringify(cocoHead.info)},`;
  if (video !== undefined) {
    const named = Array.from(video.objects, ([id, name]) => {
      return { id, name, category_id: COCO_CATEGORY, ...ofVideo };
    });
    yield `"videos":${JSON.stringify([{ id: VIDEO, name: video.name }])},`;
    yield `"tracks":${JSON.stringify(named)},`;
  }
  yield '"images":[';
  for (const [i, frame] of frames.entries()) {
    const { width, height } = await tracks.read(frame);
    const image = { id: frame + 1, file_name: fileOf(frame), width, height, frame, ...ofVideo };
    yield `${i === 0 ? '' : ','}\n${JSON.stringify(image)}`;
  }
  yield '],"annotations":[';
  let id = 0;
  for (const frame of frames) {
    for (const { object, area, bounds, rle, score } of (await tracks.read(frame)).objects) {
      if (area === 0) continue;
      id += 1;
      const { x, y, width, height } = bounds;
      const annotation: CocoTrackAnnotation = {
        id,
        image_id: frame + 1,
        category_id: COCO_CATEGORY,
        segmentation: rle,
        bbox: [x, y, width, height],
        area,
        iscrowd: 0,
        score,
        track_id: object,
        ...ofVideo,
      };
      yield `${id === 1 ? '' : ','}\n${JSON.stringify(annotation)}`;
    }
  }
  yield `],"categories":${JSON.stringify(cocoHead.categories)}}\n`;
}
