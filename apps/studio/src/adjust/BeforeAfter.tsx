import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { AlphaMask, Mask } from 'samgpu';

import { useStudio } from '../app/studio-context.ts';
import { drawSoftThumbnail, drawThumbnail } from '../picture/draw-thumbnail.ts';
import { useStore } from '../state/store.ts';
import { Range } from '../ui/Range.tsx';

const SIDE = 520;

interface BeforeAfterProps {
  readonly mask: Mask;
  readonly alpha: AlphaMask;
}

/** The hard outline at the left, the refined edge at the right of a line that can be moved. */
export function BeforeAfter({ mask, alpha }: BeforeAfterProps): ReactNode {
  const picture = useStore(useStudio().picture);
  const before = useRef<HTMLCanvasElement>(null);
  const after = useRef<HTMLCanvasElement>(null);
  const [split, setSplit] = useState(50);
  useEffect(() => {
    if (picture === null || before.current === null || after.current === null) return;
    drawThumbnail(before.current, picture.preview, mask);
    drawSoftThumbnail(after.current, picture.preview, mask, alpha);
  }, [picture, mask, alpha]);
  return (
    <>
      <div className="before-after" style={{ '--split': `${split}%` } as React.CSSProperties}>
        <canvas ref={before} width={SIDE} height={SIDE} aria-hidden="true" />
        <canvas ref={after} width={SIDE} height={SIDE} aria-hidden="true" />
      </div>
      <Range
        label="Before and after"
        value={split}
        onChange={setSplit}
        min={0}
        max={100}
        unit=" %"
      />
    </>
  );
}
