import type { TrackFrames } from './track-frames.ts';

/** Of KITTI MOTS, whose first class is cars: of which class objects are, nobody says. */
const MOTS_CLASS = 1;
const MOTS_OBJECTS_PER_CLASS = 1000;

/**
 * All masks as MOTS text: frame, object, class, height, width and run lengths on a line.
 *
 * @returns the file's text, piece by piece
 */
export async function* motsTracks(tracks: TrackFrames): AsyncGenerator<string, void, undefined> {
  for (const frame of tracks.frames) {
    const { objects, height, width } = await tracks.read(frame);
    for (const { object, area, rle } of objects) {
      if (area === 0) continue;
      const id = MOTS_CLASS * MOTS_OBJECTS_PER_CLASS + object;
      yield `${frame} ${id} ${MOTS_CLASS} ${height} ${width} ${rle.counts}\n`;
    }
  }
}
