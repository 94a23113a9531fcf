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

function drawMask(canvas: HTMLCanvasElement, mask: Mask): void {
  const level = Math.max(0, Math.ceil(Math.log2(Math.max(mask.width, mask.height) / LARGEST)));
  const { width, height, data } = mask.reduce({ level });
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const pixels = context.createImageData(width, height);
  const words = new Uint32Array(pixels.data.buffer);
  for (let i = 0; i < data.length; i++) if (data[i] === 1) words[i] = 0xffffffff;
  context.putImageData(pixels, 0, 0);
}
