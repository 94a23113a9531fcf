import { hexadecimalColor } from '../hexadecimal-color.ts';
import { assertDocument, type PictureDocument, type PictureObject } from '../picture-document.ts';
import { cocoAnnotation, cocoFile, type CocoSegmentation } from './coco-file.ts';

/** How {@link writeCoco} writes. */
export interface CocoOptions {
  /** Default `auto`. */
  readonly segmentation?: CocoSegmentation;
  /** File name of the picture. Default: the document's name. */
  readonly fileName?: string;
  /** What an object is. Default: its name, without a number at the end. */
  readonly categoryOf?: (object: PictureObject) => string;
}

/**
 * COCO's JSON: an annotation per object, categories by their names.
 *
 * @throws DocumentError `invalid-document`
 */
export function writeCoco(
  document: PictureDocument,
  {
    segmentation = 'auto',
    fileName = document.name,
    categoryOf = nameWithoutNumber,
  }: CocoOptions = {},
): Blob {
  assertDocument(document);
  const categories = new Map<string, number>();
  const annotations = document.objects.map((object, i) => {
    const { name, color, visible, opacity, mask } = object;
    const category = categoryOf(object);
    if (!categories.has(category)) categories.set(category, categories.size + 1);
    return cocoAnnotation(mask, i + 1, {
      segmentation,
      category: categories.get(category)!,
      attributes: {
        name,
        color: hexadecimalColor(color),
        visible,
        ...(opacity !== undefined && opacity !== 1 && { opacity }),
      },
    });
  });
  const named = [...categories].map(([name, id]) => ({ id, name }));
  const file = cocoFile(fileName, document.image, annotations, named);
  return new Blob([`${JSON.stringify(file)}\n`], { type: 'application/json' });
}

function nameWithoutNumber({ name }: PictureObject): string {
  const word = name.replace(/[\s_-]*\d+$/, '').trim();
  return word === '' ? 'object' : word.toLowerCase();
}
