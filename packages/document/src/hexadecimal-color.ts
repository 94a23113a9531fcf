import type { RgbColor } from '@samgpu/mask';

/** `#rrggbb`. */
export function hexadecimalColor(color: RgbColor): string {
  return `#${color.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

/** Reads `#rgb` and `#rrggbb`. */
export function parseHexadecimalColor(text: string | undefined): RgbColor | undefined {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text ?? '');
  const match = short ?? /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text ?? '');
  if (match === null) return undefined;
  const [red, green, blue] = match
    .slice(1)
    .map((digits) => parseInt(short === null ? digits : digits + digits, 16));
  return [red!, green!, blue!];
}
