import { type ReactNode, type RefObject, useEffect, useSyncExternalStore } from 'react';
import { defineSamCanvas, type SamCanvas } from '@samgpu/element';
import '@samgpu/element/react';

import { useSettings, useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';
import type { ToolName } from '../state/tool.ts';

defineSamCanvas();

/** The picture itself: `<sam-canvas>` draws it, and takes pointer, touch, pen and keys. */
export function Canvas({ canvas }: { readonly canvas: RefObject<SamCanvas | null> }): ReactNode {
  const studio = useStudio();
  // Each picture has a session of its own.
  const session = useSyncExternalStore(studio.subscribe, () => studio.session);
  const { tool, label } = useStore(studio.interface.tool);
  const picture = useStore(studio.picture);
  const { hoverPreview, theme } = useSettings();

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
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
    // Whoever opened a picture wants to point at it; a page that was loaded again only shows it.
    if (navigator.userActivation.hasBeenActive) element.focus();
    return () => stop.abort();
  }, [studio, canvas]);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    element.session = session;
    return () => {
      element.session = null;
    };
  }, [session, canvas]);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    element.tool = tool;
    element.label = label;
    element.preview = hoverPreview;
    element.alt = picture?.name ?? '';
  }, [canvas, tool, label, hoverPreview, picture]);

  useEffect(() => {
    // The page has put its own colours on by then.
    const frame = requestAnimationFrame(() => canvas.current?.refreshStyle());
    return () => cancelAnimationFrame(frame);
  }, [canvas, theme]);

  return <sam-canvas ref={canvas} />;
}
