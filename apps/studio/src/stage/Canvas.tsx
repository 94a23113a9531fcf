import { type ReactNode, type RefObject, useEffect, useSyncExternalStore } from 'react';
import type { SamCanvas } from '@samgpu/element';

import { useSettings, useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';
import { useSamCanvas } from './use-sam-canvas.ts';

/** The picture itself: `<sam-canvas>` draws it, and takes pointer, touch, pen and keys. */
export function Canvas({ canvas }: { readonly canvas: RefObject<SamCanvas | null> }): ReactNode {
  const studio = useStudio();
  // Each picture has a session of its own.
  const session = useSyncExternalStore(studio.subscribe, () => studio.session);
  const picture = useStore(studio.picture);
  const { hoverPreview } = useSettings();
  useSamCanvas(canvas);

  useEffect(() => {
    // Whoever opened a picture wants to point at it; a page that was loaded again only shows it.
    if (navigator.userActivation.hasBeenActive) canvas.current?.focus();
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
    element.preview = hoverPreview;
    element.alt = picture?.name ?? '';
  }, [canvas, hoverPreview, picture]);

  return <sam-canvas ref={canvas} />;
}
