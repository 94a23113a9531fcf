import { type RefObject, useEffect } from 'react';
import { defineSamCanvas, type SamCanvas } from '@samgpu/element';
import '@samgpu/element/react';

import { useSettings, useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';
import type { ToolName } from '../state/tool.ts';

defineSamCanvas();

/** Keeps a `<sam-canvas>` and the Studio's interface together: tool, label, view and colours. */
export function useSamCanvas(canvas: RefObject<SamCanvas | null>): void {
  const studio = useStudio();
  const { tool, label } = useStore(studio.interface.tool);
  const { theme } = useSettings();

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
    return () => stop.abort();
  }, [studio, canvas]);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    element.tool = tool;
    element.label = label;
  }, [canvas, tool, label]);

  useEffect(() => {
    // The page has put its own colours on by then.
    const frame = requestAnimationFrame(() => canvas.current?.refreshStyle());
    return () => cancelAnimationFrame(frame);
  }, [canvas, theme]);
}
