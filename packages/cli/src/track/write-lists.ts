import { type FileHandle, open } from 'node:fs/promises';
import { COCO_CATEGORY, type CocoAnnotation, cocoHead } from '@samgpu/document';

import type { FrameLog } from './frame-log.ts';

/** A mask of a video as COCO describes it. */
export interface CocoTrackAnnotation extends CocoAnnotation {
  /** The object, the same on all frames. */
  readonly track_id: number;
}

/**
 * All masks as one COCO file: an image for each frame, run lengths, and `track_id` for the object.
 *
 * @param fileOf - what the image of a frame is called
 */
export async function writeCoco(
  path: string,
  log: FrameLog,
  fileOf: (frame: number) => string,
): Promise<void> {
  await writeTo(path, async (file) => {
    const { frames } = log;
    await file.write(`{"info":${JSON.stringify(cocoHead.info)},"images":[`);
    for (const [i, frame] of frames.entries()) {
      const { width, height } = await log.read(frame);
      const image = { id: frame + 1, file_name: fileOf(frame), width, height, frame };
      await file.write(`${i === 0 ? '' : ','}\n${JSON.stringify(image)}`);
    }
    await file.write('],"annotations":[');
    let id = 0;
    for (const frame of frames) {
      for (const { object, area, bounds, rle, score } of (await log.read(frame)).objects) {
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
        };
        await file.write(`${id === 1 ? '' : ','}\n${JSON.stringify(annotation)}`);
      }
    }
    await file.write(`],"categories":${JSON.stringify(cocoHead.categories)}}\n`);
  });
}

/** Of KITTI MOTS, whose first class is cars: of which class objects are, nobody says. */
const MOTS_CLASS = 1;
const MOTS_OBJECTS_PER_CLASS = 1000;

/** All masks as MOTS text: frame, object, class, height, width and run lengths on a line. */
export async function writeMots(path: string, log: FrameLog): Promise<void> {
  await writeTo(path, async (file) => {
    for (const frame of log.frames) {
      const { objects, height, width } = await log.read(frame);
      for (const { object, area, rle } of objects) {
        if (area === 0) continue;
        const id = MOTS_CLASS * MOTS_OBJECTS_PER_CLASS + object;
        await file.write(`${frame} ${id} ${MOTS_CLASS} ${height} ${width} ${rle.counts}\n`);
      }
    }
  });
}

async function writeTo(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, 'w');
  try {
    await write(file);
  } finally {
    await file.close();
  }
}
