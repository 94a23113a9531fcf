import type { ReactNode } from 'react';

import { type ModelGroup, ModelListWindow } from '../models/ModelListWindow.tsx';
import { useStore } from '../state/store.ts';
import { useVideo, useVideoStudio } from './video-context.ts';
import { videoVariants } from './video-variants.ts';

const group = (title: string, prefix: string): ModelGroup => ({
  title,
  variants: videoVariants.filter(({ name }) => name.startsWith(prefix)),
});

const groups: readonly ModelGroup[] = [group('SAM 2.1', 'sam2.1-'), group('SAM 2', 'sam2-')];

/** Models that follow objects, and how each gets here. */
export function VideoModelsWindow(): ReactNode {
  const video = useVideoStudio();
  const { model, busy, progress, backend } = useVideo();
  const isOpen = useStore(video.window) === 'models';
  const close = (): void => video.window.set(null);
  const loader = {
    model,
    isLoading: busy === 'loading',
    progress,
    load: async (choice: Parameters<typeof video.load>[0]) => {
      const isReady = await video.load(choice);
      if (isReady) close();
      return isReady;
    },
    stop: () => video.session.cancel(),
  };
  return (
    <ModelListWindow
      title="Models for videos"
      isOpen={isOpen}
      onClose={close}
      backend={backend}
      groups={groups}
      loader={loader}
      intro={
        <p className="models-note video-models-note">
          Following objects needs SAM 2, whose files do not come along. Its official server lets no
          page read them: press Get where this site has a file, or download a <code>.pt</code> file
          there and choose it here. Smaller ones are quicker; tiny is a good start.
        </p>
      }
    />
  );
}
