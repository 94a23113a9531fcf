import type { RgbColor } from 'samgpu';

/** `#rrggbb` */
export function hexOf(color: RgbColor): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** @param hex - `#rrggbb`, with or without alpha after it */
export function rgbOf(hex: string): RgbColor {
  const value = Number.parseInt(hex.slice(1, 7), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
