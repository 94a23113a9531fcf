import { type ReactNode, type RefObject, useEffect } from 'react';
import { defineSamCanvas, type SamCanvas } from '@samgpu/element';

import { useSettings } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';
import type { ToolName } from '../state/tool.ts';
import { useVideo, useVideoStudio } from './video-context.ts';

defineSamCanvas();

/** The frame that is shown, in the canvas that shows pictures, too. */
export function VideoCanvas({
  canvas,
}: {
  readonly canvas: RefObject<SamCanvas | null>;
}): ReactNode {
  const { studio, session, file, player } = useVideoStudio();
  const { tool, label } = useStore(studio.interface.tool);
  const isPlaying = useStore(player.isPlaying);
  const { theme } = useSettings();
  const { shown } = useVideo();

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    element.session = session.canvas;
    element.preview = false;
    player.whenShown = () => element.whenShown();
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener(
      'sam-tool',
      (event) => {
        const { tool, label } = event.detail;
        studio.interface.tool.set({ tool: tool as ToolName, label });
      },
      { signal },
    );
    element.addEventListener('sam-view', () => studio.interface.view.set(element.view), { signal });
    // Whoever points at a frame wants it to stay.
    element.addEventListener('pointerdown', () => player.pause(), { signal });
    element.focus();
    return () => {
      stop.abort();
      element.session = null;
    };
  }, [studio, session, player, canvas]);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    element.tool = tool;
    element.label = label;
  }, [canvas, tool, label]);

  useEffect(() => {
    const element = canvas.current;
    // Not told frame by frame while it plays.
    if (element !== null && !isPlaying) element.alt = `${file.name}, frame ${shown + 1}`;
  }, [canvas, file, shown, isPlaying]);

  useEffect(() => {
    // The page has put its own colours on by then.
    const frame = requestAnimationFrame(() => canvas.current?.refreshStyle());
    return () => cancelAnimationFrame(frame);
  }, [canvas, theme]);

  return <sam-canvas ref={canvas} />;
}
