import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';
import type { Plugin } from 'vite';

const MARK = fileURLToPath(new URL('../public/mark.svg', import.meta.url));

/** Of the web manifest; `maskable` ones lose up to a tenth on every side to the system's own shape. */
const SIZES = [
  { fileName: 'icon-192.png', size: 192, margin: 0 },
  { fileName: 'icon-512.png', size: 512, margin: 0 },
  { fileName: 'icon-maskable-512.png', size: 512, margin: 0.1 },
  { fileName: 'apple-touch-icon.png', size: 180, margin: 0.06 },
] as const;

const GROUND = '#0b1513';

/** Draws the icons that systems want as PNG from the one mark. */
export function icons(): Plugin {
  return {
    name: 'studio:icons',
    apply: 'build',
    async generateBundle() {
      const svg = await readFile(MARK);
      for (const { fileName, size, margin } of SIZES) {
        const inner = Math.round(size * (1 - 2 * margin));
        const edge = (size - inner) / 2;
        const drawn = sharp(svg, { density: (72 * inner) / 64 }).resize(inner, inner);
        const bordered =
          margin === 0
            ? drawn
            : drawn.flatten({ background: GROUND }).extend({
                top: Math.floor(edge),
                left: Math.floor(edge),
                bottom: Math.ceil(edge),
                right: Math.ceil(edge),
                background: GROUND,
              });
        const source = await bordered.png({ compressionLevel: 9 }).toBuffer();
        this.emitFile({ type: 'asset', fileName, source });
      }
    },
  };
}
