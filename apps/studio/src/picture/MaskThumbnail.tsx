import './mask-thumbnail.css';

import { type ReactNode, useEffect, useRef } from 'react';
import type { Mask } from 'samgpu';

import { useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';
import { drawThumbnail } from './draw-thumbnail.ts';

interface MaskThumbnailProps {
  readonly mask: Mask;
  /** In CSS pixels. */
  readonly size: number;
}

export function MaskThumbnail({ mask, size }: MaskThumbnailProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useStore(useStudio().picture);
  const pixels = Math.round(size * Math.min(2, devicePixelRatio));
  useEffect(() => {
    if (canvas.current === null || picture === null) return undefined;
    const { image, preview } = picture;
    if (image.width !== mask.width || image.height !== mask.height) return undefined;
    const element = canvas.current;
    // Many of them appear at once; each waits for its own frame, so that none blocks a click.
    const frame = requestAnimationFrame(() => drawThumbnail(element, preview, mask));
    return () => cancelAnimationFrame(frame);
  }, [mask, picture, pixels]);
  return (
    <canvas
      ref={canvas}
      className="mask-thumbnail"
      width={pixels}
      height={pixels}
      style={{ width: size, height: size }}
      aria-hidden="true"
    />
  );
}
