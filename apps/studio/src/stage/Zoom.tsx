import './zoom.css';

import { Maximize, Minus, Plus } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import type { SamCanvas } from '@samgpu/element';

import { useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';

const STEP = 1.25;

export function Zoom({ canvas }: { readonly canvas: RefObject<SamCanvas | null> }): ReactNode {
  const { scale } = useStore(useStudio().interface.view);
  return (
    <div className="zoom" role="group" aria-label="Zoom">
      <IconButton
        size="s"
        label="Smaller"
        placement="top"
        onPress={() => canvas.current?.zoomBy(1 / STEP)}
      >
        <Minus size={15} />
      </IconButton>
      <Button size="s" look="plain" onPress={() => canvas.current?.zoomTo(1)}>
        <span className="zoom-level">{Math.round(scale * 100)} %</span>
      </Button>
      <IconButton
        size="s"
        label="Larger"
        placement="top"
        onPress={() => canvas.current?.zoomBy(STEP)}
      >
        <Plus size={15} />
      </IconButton>
      <IconButton
        size="s"
        label="All of the picture"
        placement="top"
        onPress={() => canvas.current?.zoomToFit()}
      >
        <Maximize size={15} />
      </IconButton>
    </div>
  );
}
