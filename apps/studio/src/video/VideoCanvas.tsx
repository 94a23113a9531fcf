import { type ReactNode, type RefObject, useEffect } from 'react';
import type { SamCanvas } from '@samgpu/element';

import { useSamCanvas } from '../stage/use-sam-canvas.ts';
import { useStore } from '../state/store.ts';
import { useVideo, useVideoStudio } from './video-context.ts';

/** The frame that is shown, in the canvas that shows pictures, too. */
export function VideoCanvas({
  canvas,
}: {
  readonly canvas: RefObject<SamCanvas | null>;
}): ReactNode {
  const { session, file, player } = useVideoStudio();
  const isPlaying = useStore(player.isPlaying);
  const { shown } = useVideo();

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    element.session = session.canvas;
    element.preview = false;
    player.whenShown = () => element.whenShown();
    const pause = (): void => player.pause();
    // Whoever points at a frame wants it to stay.
    element.addEventListener('pointerdown', pause);
    element.focus();
    return () => {
      element.removeEventListener('pointerdown', pause);
      element.session = null;
    };
  }, [session, player, canvas]);
  useSamCanvas(canvas);

  useEffect(() => {
    const element = canvas.current;
    // Not told frame by frame while it plays.
    if (element !== null && !isPlaying) element.alt = `${file.name}, frame ${shown + 1}`;
  }, [canvas, file, shown, isPlaying]);

  return <sam-canvas ref={canvas} />;
}
