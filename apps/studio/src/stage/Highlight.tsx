import { type ReactNode, useCallback } from 'react';
import type { Mask } from 'samgpu';

import { useSession, useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';
import { PictureLayer } from './PictureLayer.tsx';

/** Sharp enough for a glance. */
const LARGEST = 1600;

/** Where in the picture something of the gallery lies, while it is pointed at. */
export function Highlight(): ReactNode {
  const { everything } = useSession();
  const id = useStore(useStudio().interface.highlighted);
  const mask = everything?.found.find((found) => found.id === id)?.mask;
  return mask === undefined ? null : <MaskLayer mask={mask} />;
}

function MaskLayer({ mask }: { readonly mask: Mask }): ReactNode {
  const { width, height } = mask;
  const draw = useCallback((canvas: HTMLCanvasElement) => drawMask(canvas, mask), [mask]);
  return <PictureLayer className="highlight" width={width} height={height} draw={draw} />;
}

function drawMask(canvas: HTMLCanvasElement, { width, height, data }: Mask): void {
  const step = Math.max(1, Math.max(width, height) / LARGEST);
  canvas.width = Math.round(width / step);
  canvas.height = Math.round(height / step);
  const context = canvas.getContext('2d');
  if (context === null) return;
  const pixels = context.createImageData(canvas.width, canvas.height);
  const words = new Uint32Array(pixels.data.buffer);
  for (let row = 0; row < canvas.height; row++) {
    const y = Math.min(height - 1, Math.floor((row + 0.5) * step));
    for (let column = 0; column < canvas.width; column++) {
      const x = Math.min(width - 1, Math.floor((column + 0.5) * step));
      if (data[y * width + x] === 1) words[row * canvas.width + column] = 0xffffffff;
    }
  }
  context.putImageData(pixels, 0, 0);
}
