import type { TrackFrame, TrackFrames } from '@samgpu/document';
import { fromCompressedRle, rleBounds } from '@samgpu/mask';
import type { VideoSession } from '@samgpu/session';

import type { VideoExport } from './export-formats.ts';

/** The masks of a session, frame by frame. */
export function sessionTracks(
  session: VideoSession,
  { objects: ids, from, to }: Pick<VideoExport, 'objects' | 'from' | 'to'>,
): TrackFrames {
  const { video, objects } = session.snapshot;
  const { width, height } = video!;
  const wanted = objects.filter(({ id }) => ids.includes(id));
  return {
    frames: Array.from({ length: to - from + 1 }, (_, i) => from + i),
    read: (frame): TrackFrame => ({
      width,
      height,
      objects: wanted.flatMap(({ id, number }) => {
        const kept = session.keptMask(id, frame);
        if (kept === undefined) return [];
        const { rle, area, score } = kept;
        const bounds = rleBounds(fromCompressedRle(rle));
        return [{ object: number, rle, area, score, bounds }];
      }),
    }),
  };
}
