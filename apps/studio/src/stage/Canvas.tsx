import { type ReactNode, type RefObject, useEffect } from 'react';
import { defineSamCanvas, type SamCanvas } from '@samgpu/element';

import { useSettings, useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';
import type { ToolName } from '../state/tool.ts';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'sam-canvas': React.HTMLAttributes<SamCanvas> & React.RefAttributes<SamCanvas>;
    }
  }
}

defineSamCanvas();

/** The picture itself: `<sam-canvas>` draws it, and takes pointer, touch, pen and keys. */
export function Canvas({ canvas }: { readonly canvas: RefObject<SamCanvas | null> }): ReactNode {
  const studio = useStudio();
  const { tool, label } = useStore(studio.tool);
  const picture = useStore(studio.picture);
  const { hoverPreview, theme } = useSettings();

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    element.session = studio.session;
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener(
      'sam-tool',
      (event) => {
        const { tool, label } = event.detail;
        studio.tool.set({ tool: tool as ToolName, label });
      },
      { signal },
    );
    element.addEventListener('sam-view', () => studio.view.set(element.view), { signal });
    // Whoever opened a picture wants to point at it.
    element.focus();
    return () => {
      stop.abort();
      element.session = null;
    };
  }, [studio, canvas]);

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
