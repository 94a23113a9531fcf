import type { Ring } from '@samgpu/mask';

import { DocumentError } from '../document-error.ts';
import type { Budget } from '../limits.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import { parsePathData } from './path-data.ts';

/**
 * The rings of a shape in its own units.
 *
 * @returns undefined for elements that are no areas
 * @throws DocumentError `damaged` or `too-large`
 */
export function ringsOf(element: XmlElement, scale: number, budget: Budget): Ring[] | undefined {
  const number = (name: string, otherwise = 0): number => lengthOf(element, name) ?? otherwise;
  const path = (data: string): Ring[] => parsePathData(data, scale, budget);
  switch (localName(element)) {
    case 'path':
      return path(element.attributes.get('d') ?? '');
    case 'polygon':
    case 'polyline': {
      const points = element.attributes.get('points')?.trim() ?? '';
      return points === '' ? [] : path(`M${points}Z`);
    }
    case 'rect': {
      const [x, y, width, height] = [number('x'), number('y'), number('width'), number('height')];
      if (!(width > 0 && height > 0)) return [];
      const rx = Math.min(width / 2, lengthOf(element, 'rx') ?? number('ry'));
      const ry = Math.min(height / 2, lengthOf(element, 'ry') ?? number('rx'));
      if (!(rx > 0 && ry > 0)) return path(`M${x} ${y}h${width}v${height}h${-width}Z`);
      const corner = `a${rx} ${ry} 0 0 1`;
      return path(
        `M${x + rx} ${y}h${width - 2 * rx}${corner} ${rx} ${ry}v${height - 2 * ry}${corner} ${-rx} ${ry}` +
          `h${2 * rx - width}${corner} ${-rx} ${-ry}v${2 * ry - height}${corner} ${rx} ${-ry}Z`,
      );
    }
    case 'circle':
    case 'ellipse': {
      const radius = lengthOf(element, 'r');
      const [rx, ry] = [radius ?? number('rx'), radius ?? number('ry')];
      const [cx, cy] = [number('cx'), number('cy')];
      if (!(rx > 0 && ry > 0)) return [];
      return path(
        `M${cx - rx} ${cy}a${rx} ${ry} 0 1 1 ${2 * rx} 0a${rx} ${ry} 0 1 1 ${-2 * rx} 0Z`,
      );
    }
    default:
      return undefined;
  }
}

/** The name without a prefix for a namespace. */
export function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(':') + 1);
}

/** A length in units of the drawing or pixels. */
export function lengthOf({ attributes }: XmlElement, name: string): number | undefined {
  const text = attributes.get(name)?.trim();
  if (text === undefined || text === '' || text === 'auto' || text.endsWith('%')) return undefined;
  const value = Number(text.replace(/px$/, ''));
  if (!Number.isFinite(value)) {
    throw new DocumentError(
      'damaged',
      `The SVG gives the length ${JSON.stringify(text.slice(0, 40))}; wanted pixels.`,
    );
  }
  return value;
}
