import { composeDocument, type PictureDocument } from '@samgpu/document';
import { drawMasks, type RgbaImage } from '@samgpu/mask';
import type { VideoSession } from '@samgpu/session';
import { type ImageInput, readImage } from 'samgpu';

import type { VideoExport } from './export-formats.ts';

/** A frame as an export shows it. */
export async function drawExportFrame(
  session: VideoSession,
  frame: number,
  input: ImageInput,
  { format, objects: ids, background }: VideoExport,
  signal: AbortSignal,
): Promise<RgbaImage> {
  const image = await readImage(input, { signal });
  const objects = session.snapshot.objects.flatMap((object) => {
    const mask = ids.includes(object.id) ? session.maskAt(object.id, frame) : undefined;
    return mask === undefined || mask.area === 0 ? [] : [{ ...object, visible: true, mask }];
  });
  if (format === 'overlay') {
    return drawMasks(
      objects.map(({ mask }) => mask.toRle()),
      image,
      { colors: objects.map(({ color }) => color) },
    );
  }
  const document: PictureDocument = {
    name: String(frame),
    image,
    objects,
    background: format === 'cutout' ? { kind: 'transparent' } : background,
  };
  return composeDocument(document, { signal });
}
