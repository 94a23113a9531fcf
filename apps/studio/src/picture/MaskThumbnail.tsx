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
    // What was clicked is shown first: each waits until the next frame is out, in a task of its own.
    let task: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      task = setTimeout(() => drawThumbnail(element, preview, mask));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(task);
    };
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
