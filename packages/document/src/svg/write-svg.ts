import type { Mask, RgbColor } from '@samgpu/mask';

import { base64Parts } from '../base64.ts';
import { DocumentError } from '../document-error.ts';
import { hexadecimalColor } from '../hexadecimal-color.ts';
import { assertDocument, type PictureDocument } from '../picture-document.ts';
import { encodePng } from '../png/encode-png.ts';
import { escapeXml } from '../xml/escape-xml.ts';

/** How {@link writeSvg} writes. */
export interface SvgOptions {
  /**
   * How far outlines may stray from the pixels' edges, in pixels. 0, the default, is exact, with stairs;
   * 0.75 smooths them and keeps corners.
   */
  readonly tolerance?: number;
  /** What lies below the outlines. Default `none`. */
  readonly picture?:
    | { readonly kind: 'none' }
    /** A reference, relative to where the SVG will lie. */
    | { readonly kind: 'linked'; readonly href: string }
    /** The picture within the SVG: this file, or a PNG of its pixels. */
    | { readonly kind: 'embedded'; readonly file?: Blob };
}

export const svgType = 'image/svg+xml';

/** Over a picture outlines are filled this much, so that it can be seen. */
const opacityOverPicture = 0.5;

/**
 * A path per object, in pixels of the picture, with the object's name as its title.
 *
 * @throws DocumentError `invalid-document` or `invalid-option`
 */
export async function writeSvg(
  document: PictureDocument,
  { tolerance = 0, picture = { kind: 'none' } }: SvgOptions = {},
): Promise<Blob> {
  assertDocument(document);
  checkTolerance(tolerance);
  const { name, image, objects } = document;
  const { width, height } = image;
  const parts: string[] = [`${openSvg(width, height)}\n<title>${escapeXml(name)}</title>\n`];
  if (picture.kind === 'linked') {
    parts.push(`<image width="${width}" height="${height}" href="${escapeXml(picture.href)}"/>\n`);
  }
  if (picture.kind === 'embedded') {
    const file = picture.file ?? (await encodePng(image));
    const type = file.type === '' ? 'image/png' : file.type;
    parts.push(`<image width="${width}" height="${height}" href="data:${escapeXml(type)};base64,`);
    parts.push(...base64Parts(new Uint8Array(await file.arrayBuffer())), '"/>\n');
  }
  const fillOpacity = picture.kind === 'none' ? 1 : opacityOverPicture;
  for (const { mask, color, name, visible, opacity = 1 } of objects) {
    const shown = { color, fillOpacity, opacity, visible, title: name };
    parts.push(`${pathElement(mask, tolerance, shown)}\n`);
  }
  parts.push('</svg>\n');
  return new Blob(parts, { type: svgType });
}

/** One mask as a drawing of the size of its picture. */
export function maskSvg(
  mask: Mask,
  {
    tolerance = 0,
    color = [30, 144, 255],
  }: { readonly tolerance?: number; readonly color?: RgbColor } = {},
): string {
  checkTolerance(tolerance);
  const path = pathElement(mask, tolerance, { color, fillOpacity: 1, opacity: 1, visible: true });
  return `${openSvg(mask.width, mask.height)}\n${path}\n</svg>\n`;
}

function openSvg(width: number, height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
}

function pathElement(
  mask: Mask,
  tolerance: number,
  {
    color,
    fillOpacity,
    opacity,
    visible,
    title,
  }: {
    readonly color: RgbColor;
    readonly fillOpacity: number;
    readonly opacity: number;
    readonly visible: boolean;
    readonly title?: string;
  },
): string {
  const attributes = [
    'fill-rule="evenodd"',
    `fill="${hexadecimalColor(color)}"`,
    ...(fillOpacity === 1 ? [] : [`fill-opacity="${fillOpacity}"`]),
    ...(opacity === 1 ? [] : [`opacity="${Number(opacity.toFixed(4))}"`]),
    ...(visible ? [] : ['visibility="hidden"']),
    `d="${mask.toSvgPath({ tolerance })}"`,
  ].join(' ');
  return title === undefined
    ? `<path ${attributes}/>`
    : `<path ${attributes}><title>${escapeXml(title)}</title></path>`;
}

function checkTolerance(tolerance: number): void {
  if (!(tolerance >= 0 && tolerance <= 100)) {
    throw new DocumentError(
      'invalid-option',
      `A tolerance of ${tolerance}; wanted 0 to 100 pixels.`,
    );
  }
}
