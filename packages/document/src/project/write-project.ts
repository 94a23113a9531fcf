import { boundsOf, ObjectPixels } from '../object-pixels.ts';
import {
  assertDocument,
  type Background,
  type PictureDocument,
  type PictureObject,
} from '../picture-document.ts';
import { encodeGreyPng, encodePng } from '../png/encode-png.ts';
import { writeZip, type ZipFile } from '../zip/write-zip.ts';
import {
  type ProjectBackground,
  projectFormat,
  type ProjectJson,
  type ProjectObject,
  projectType,
  projectVersion,
} from './project-file.ts';

/** What a project keeps besides the document. */
export interface ProjectOptions {
  /** The file that the picture was opened from, kept as it is. Default: a PNG of its pixels. */
  readonly picture?: Blob | undefined;
  /** State of an editor, such as what `session.save()` gives: plain data for JSON. */
  readonly session?: unknown;
}

const endings: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/gif': 'gif',
};

/**
 * Everything of a document in one file, to be opened again as it was.
 *
 * @throws DocumentError `invalid-document` or `too-large`
 */
export async function writeProject(
  document: PictureDocument,
  { picture, session }: ProjectOptions = {},
): Promise<Blob> {
  assertDocument(document);
  const { name, image, objects, background } = document;
  const content = picture ?? (await encodePng(image));
  const mediaType = content.type === '' ? 'application/octet-stream' : content.type;
  const file = `picture.${endings[mediaType] ?? 'bin'}`;
  const files: ZipFile[] = [{ name: file, content, stored: true }];
  const saved: ProjectObject[] = [];
  for (const [i, object] of objects.entries())
    saved.push(await saveObject(document, object, i, files));
  const project: ProjectJson = {
    format: projectFormat,
    version: projectVersion,
    name,
    image: { file, mediaType, width: image.width, height: image.height },
    objects: saved,
    ...(background !== undefined && { background: await saveBackground(background, files) }),
    ...(session !== undefined && { session: 'session.json' }),
  };
  if (session !== undefined) files.push({ name: 'session.json', content: JSON.stringify(session) });
  return writeZip(
    [
      { name: 'mimetype', content: projectType, stored: true },
      { name: 'project.json', content: JSON.stringify(project) },
      ...files,
    ],
    projectType,
  );
}

async function saveObject(
  { image }: PictureDocument,
  object: PictureObject,
  index: number,
  files: ZipFile[],
): Promise<ProjectObject> {
  const { id, name, color, visible, opacity, mask, matte } = object;
  const saved = {
    id,
    name,
    color,
    visible,
    mask: mask.toRle({ compressed: true }),
    ...(opacity !== undefined && { opacity }),
  };
  const box = boundsOf({ mask, matte });
  if (matte === undefined || box.width === 0) return saved;
  const pixels = new ObjectPixels(image, object);
  const alpha = `objects/${index + 1}.alpha.png`;
  files.push({ name: alpha, content: await encodeGreyPng(pixels.alpha, box), stored: true });
  const { x, y } = box;
  if (matte.foreground === undefined) return { ...saved, matte: { x, y, alpha } };
  const colors = `objects/${index + 1}.colors.png`;
  const data = pixels.colorsIn(box);
  for (let i = 0; i < pixels.alpha.length; i++) {
    // Elsewhere the picture has them.
    if (pixels.alpha[i] === 0) data.fill(0, 4 * i, 4 * i + 4);
  }
  const { width, height } = box;
  files.push({ name: colors, content: await encodePng({ width, height, data }), stored: true });
  return { ...saved, matte: { x, y, alpha, colors } };
}

async function saveBackground(
  background: Background,
  files: ZipFile[],
): Promise<ProjectBackground> {
  if (background.kind !== 'picture') return background;
  const file = 'background.png';
  const { fit, color, picture } = background;
  files.push({ name: file, content: await encodePng(picture), stored: true });
  return { kind: 'picture', file, fit, ...(color !== undefined && { color }) };
}
