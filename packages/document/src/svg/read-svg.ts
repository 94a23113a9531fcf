import {
  type Box,
  distinctColors,
  encodeRle,
  Mask,
  rasterizePolygons,
  type Ring,
  type Size,
  uncropMask,
  type Vertex,
} from '@samgpu/mask';

import { fromBase64 } from '../base64.ts';
import { intersectBoxes, wholeBox } from '../boxes.ts';
import { DocumentError } from '../document-error.ts';
import { Budget, checkSize, defaultLimits, type ReadLimits } from '../limits.ts';
import type { ReadObject } from '../picture-document.ts';
import { parseXml, type XmlElement } from '../xml/parse-xml.ts';
import { ringsOf, lengthOf, localName } from './svg-shapes.ts';
import { initialStyle, styleOf, type SvgStyle } from './svg-style.ts';
import { combine, identity, parseTransform, scaleOf, type Transform } from './transform.ts';

/** Elements whose content is not shown where it stands. */
const notShown = new Set(['defs', 'clipPath', 'mask', 'symbol', 'pattern', 'marker', 'metadata']);

/** Pictures that are taken out of an SVG. */
const pictureData = /^data:(image\/(?:png|jpeg|webp|avif|gif));base64,/;

/** How much wider or higher a picture may be than the drawing is, in shape. */
const shapeTolerance = 0.01;

/** A drawing, whose areas become masks once the picture is known. */
export interface SvgDrawing {
  /** In units of the drawing. */
  readonly size: Size;
  /** A picture that lies in the drawing as data. */
  readonly picture: Blob | undefined;
  /**
   * The areas as objects of a picture of the same shape, scaled to its size.
   *
   * @throws DocumentError `wrong-picture`, `damaged` or `too-large`
   */
  objectsFor(image: Size): ReadObject[];
}

/**
 * Reads the filled areas of an SVG: paths, polygons, rectangles, circles and ellipses, with transforms,
 * fill rules, titles and colours. Scripts, references and style sheets are passed over.
 *
 * @throws DocumentError `damaged`, `unsupported` or `too-large`
 */
export function readSvg(text: string, limits: ReadLimits = defaultLimits): SvgDrawing {
  const root = parseXml(text, { maxElements: 20 * limits.maxObjects });
  if (localName(root) !== 'svg') {
    throw new DocumentError('unknown-format', `The XML holds <${root.name}>; wanted <svg>.`);
  }
  const view = viewOf(root);
  checkSize('The SVG', Math.ceil(view.width), Math.ceil(view.height), limits);
  return {
    size: { width: view.width, height: view.height },
    picture: findPicture(root),
    objectsFor: (image) => {
      assertSameShape(view, image);
      const reader = new AreaReader(image, limits);
      const [scaleX, scaleY] = [image.width / view.width, image.height / view.height];
      const place: Transform = [scaleX, 0, 0, scaleY, -view.x * scaleX, -view.y * scaleY];
      reader.read(root, place, initialStyle);
      return reader.objects();
    },
  };
}

interface View extends Size {
  readonly x: number;
  readonly y: number;
}

function viewOf(root: XmlElement): View {
  const box = root.attributes
    .get('viewBox')
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  const [x, y, width, height] =
    box === undefined ? [0, 0, lengthOf(root, 'width'), lengthOf(root, 'height')] : box;
  if (width === undefined || height === undefined) {
    throw new DocumentError(
      'unsupported',
      'The SVG says neither viewBox nor width and height in pixels.',
    );
  }
  if (![x, y].every(Number.isFinite) || !(width > 0 && height > 0)) {
    throw new DocumentError(
      'damaged',
      `The SVG has the viewBox ${box?.join(' ')}; wanted four numbers.`,
    );
  }
  return { x, y, width, height };
}

function assertSameShape(view: View, image: Size): void {
  const ratio = image.width / image.height / (view.width / view.height);
  if (!(Math.abs(ratio - 1) <= shapeTolerance)) {
    throw new DocumentError(
      'wrong-picture',
      `The SVG is ${view.width} x ${view.height}, the picture ${image.width} x ${image.height}: not of the same shape. Open the picture that it was drawn for.`,
    );
  }
}

function findPicture(element: XmlElement): Blob | undefined {
  if (localName(element) === 'image') {
    const href = element.attributes.get('href') ?? element.attributes.get('xlink:href');
    const match = pictureData.exec(href ?? '');
    if (match !== null) {
      return new Blob([fromBase64(href!.slice(match[0].length))], { type: match[1]! });
    }
  }
  for (const child of element.children) {
    if (notShown.has(localName(child))) continue;
    const found = findPicture(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

class AreaReader {
  readonly #image: Size;
  readonly #limits: ReadLimits;
  readonly #corners: Budget;
  readonly #crossings: Budget;
  readonly #pixels: Budget;
  readonly #objects: (Omit<ReadObject, 'color'> & {
    readonly color: ReadObject['color'] | undefined;
  })[] = [];

  constructor(image: Size, limits: ReadLimits) {
    this.#image = image;
    this.#limits = limits;
    this.#corners = new Budget('corners of outlines', limits.maxCrossings / 10);
    this.#crossings = new Budget('rows crossed by outlines', limits.maxCrossings);
    // Each area is drawn on a picture of its own.
    this.#pixels = new Budget('pixels of areas', 10 * limits.maxPixels);
  }

  read(element: XmlElement, around: Transform, outer: SvgStyle): void {
    if (notShown.has(localName(element))) return;
    const transform = combine(around, parseTransform(element.attributes.get('transform')));
    const style = styleOf(element, outer);
    const rings =
      style.fill === 'none' ? undefined : ringsOf(element, scaleOf(transform), this.#corners);
    if (rings !== undefined) this.#add(element, rings, transform, style);
    for (const child of element.children) this.read(child, transform, style);
  }

  objects(): ReadObject[] {
    const colors = distinctColors(this.#objects.length);
    return this.#objects.map(({ color, ...object }, i) => ({
      ...object,
      color: color ?? colors[i]!,
    }));
  }

  #add(element: XmlElement, rings: readonly Ring[], transform: Transform, style: SvgStyle): void {
    const placed = transform === identity ? rings : rings.map((ring) => place(ring, transform));
    if (placed.length === 0) return;
    this.#countCrossings(placed);
    if (this.#objects.length >= this.#limits.maxObjects) {
      throw new DocumentError(
        'too-large',
        `The SVG has more than ${this.#limits.maxObjects} areas.`,
      );
    }
    const box = intersectBoxes(boundsOfRings(placed), wholeBox(this.#image));
    if (box.width === 0 || box.height === 0) return;
    this.#pixels.take(box.width * box.height);
    const shift: Transform = [1, 0, 0, 1, -box.x, -box.y];
    const polygons = placed.map((ring) => ({ outer: place(ring, shift), holes: [] }));
    const { fillRule } = style;
    const bitmap = rasterizePolygons(polygons, box.width, box.height, { fillRule });
    const mask = Mask.fromRle(uncropMask(encodeRle(bitmap), box, this.#image));
    if (mask.area === 0) return;
    const title = element.children.find((child) => localName(child) === 'title')?.text.trim();
    const label = element.attributes.get('inkscape:label') ?? element.attributes.get('id');
    this.#objects.push({
      name: title ?? label ?? `Area ${this.#objects.length + 1}`,
      color: style.fill === 'none' ? undefined : style.fill,
      visible: style.visible && style.displayed,
      ...(style.opacity !== 1 && { opacity: style.opacity }),
      mask,
    });
  }

  #countCrossings(rings: readonly Ring[]): void {
    const { height } = this.#image;
    const clamp = (y: number): number => Math.min(height, Math.max(0, y));
    for (const ring of rings) {
      let rows = ring.length;
      for (const [i, [x, y]] of ring.entries()) {
        if (!Number.isFinite(x) || !Number.isFinite(y)) {
          throw new DocumentError(
            'damaged',
            'The SVG has an outline that goes beyond all numbers.',
          );
        }
        rows += Math.abs(clamp(y) - clamp(ring[(i + 1) % ring.length]![1]));
      }
      this.#crossings.take(rows);
    }
  }
}

function place(ring: Ring, [a, b, c, d, e, f]: Transform): Ring {
  return ring.map(([x, y]): Vertex => [a * x + c * y + e, b * x + d * y + f]);
}

/** In whole pixels. */
function boundsOfRings(rings: readonly Ring[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const [x, y] of ring) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const [x, y] = [Math.floor(left), Math.floor(top)];
  return { x, y, width: Math.ceil(right) - x, height: Math.ceil(bottom) - y };
}
