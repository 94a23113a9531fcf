import { type ReactNode, useEffect, useRef } from 'react';

import { useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';

interface PictureLayerProps {
  readonly className: string;
  /** Of the picture. What is drawn may have fewer pixels. */
  readonly width: number;
  readonly height: number;
  /** Draws it. Called again when it is another function. */
  readonly draw: (canvas: HTMLCanvasElement) => void;
}

/** Something that lies over the picture, wherever that is moved. Pointers go through it. */
export function PictureLayer({ className, width, height, draw }: PictureLayerProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { scale, x, y, rotation = 0 } = useStore(useStudio().interface.view);
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current);
  }, [draw]);
  return (
    <canvas
      ref={canvas}
      className={`picture-layer ${className}`}
      aria-hidden="true"
      style={{
        width,
        height,
        transform: `translate(${x}px, ${y}px) rotate(${rotation}deg) scale(${scale})`,
      }}
    />
  );
}
