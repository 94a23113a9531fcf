import type { RgbColor } from '@samgpu/mask';

import { parseHexadecimalColor } from '../hexadecimal-color.ts';
import type { XmlElement } from '../xml/parse-xml.ts';

/** What an element inherits from those around it, as far as areas have a use for it. */
export interface SvgStyle {
  /** `none`, or a colour; undefined where it is not known. */
  readonly fill: RgbColor | 'none' | undefined;
  readonly fillRule: 'evenodd' | 'nonzero';
  readonly visible: boolean;
  /** Of the element and all around it together, 0 to 1. Fills may be thinner still. */
  readonly opacity: number;
  /** Of everything around it: once it is hidden, nothing in it is shown. */
  readonly displayed: boolean;
}

export const initialStyle: SvgStyle = {
  fill: undefined,
  fillRule: 'nonzero',
  visible: true,
  opacity: 1,
  displayed: true,
};

/** The sixteen names of HTML; others are taken as unknown. */
const named: Readonly<Record<string, RgbColor>> = {
  black: [0, 0, 0],
  silver: [192, 192, 192],
  gray: [128, 128, 128],
  white: [255, 255, 255],
  maroon: [128, 0, 0],
  red: [255, 0, 0],
  purple: [128, 0, 128],
  fuchsia: [255, 0, 255],
  green: [0, 128, 0],
  lime: [0, 255, 0],
  olive: [128, 128, 0],
  yellow: [255, 255, 0],
  navy: [0, 0, 128],
  blue: [0, 0, 255],
  teal: [0, 128, 128],
  aqua: [0, 255, 255],
};

export function styleOf({ attributes }: XmlElement, around: SvgStyle): SvgStyle {
  const declared = new Map(
    (attributes.get('style') ?? '').split(';').flatMap((declaration) => {
      const colon = declaration.indexOf(':');
      return colon < 0
        ? []
        : [[declaration.slice(0, colon).trim(), declaration.slice(colon + 1).trim()]];
    }),
  );
  // A style goes before an attribute.
  const property = (name: string): string | undefined =>
    (declared.get(name) ?? attributes.get(name))?.replace(/\s*!important$/, '');
  const rule = property('fill-rule');
  const visibility = property('visibility');
  const fill = property('fill');
  return {
    fill: fill === undefined || fill === 'inherit' ? around.fill : parseFill(fill),
    fillRule: rule === 'evenodd' || rule === 'nonzero' ? rule : around.fillRule,
    visible: visibility === undefined ? around.visible : visibility === 'visible',
    opacity: around.opacity * shareOf(property('opacity')),
    displayed: around.displayed && property('display') !== 'none',
  };
}

/** A number from 0 to 1 or a percentage; 1 for what is neither. */
function shareOf(text: string | undefined): number {
  const value = text?.endsWith('%') === true ? Number(text.slice(0, -1)) / 100 : Number(text ?? 1);
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 1;
}

function parseFill(text: string): RgbColor | 'none' | undefined {
  if (text === 'none' || text === 'transparent') return 'none';
  const match = /^rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)$/.exec(text);
  if (match !== null) {
    const [red, green, blue] = match.slice(1).map((part) => Math.min(255, Number(part)));
    return [red!, green!, blue!];
  }
  return parseHexadecimalColor(text) ?? named[text.toLowerCase()];
}
