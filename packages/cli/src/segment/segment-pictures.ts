import type { PictureResult } from './picture-result.ts';
import type { SegmentationPlan } from './plan-segmentation.ts';
import { type PictureListener, processPictures } from './process-pictures.ts';
import { segmentPicture } from './segment-picture.ts';
import type { SegmentRequest } from './segment-request.ts';

/**
 * Segments all pictures of a plan.
 *
 * @throws what {@link processPictures} throws
 */
export function segmentPictures(
  plan: SegmentationPlan,
  request: SegmentRequest,
  listener: PictureListener<PictureResult>,
): Promise<void> {
  return processPictures(
    plan,
    request,
    ({ segmenter, picture, read, folder }) => {
      const objects = plan.prompts.objectsIn(picture);
      return segmentPicture(segmenter, picture, read, objects, folder, request);
    },
    listener,
  );
}
