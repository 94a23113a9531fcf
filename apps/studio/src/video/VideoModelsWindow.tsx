import '../models/models-window.css';

import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { CachedModel } from '@samgpu/weights';

import { storedModels } from '../models/model-state.ts';
import { ModelRow } from '../models/ModelRow.tsx';
import { useStore } from '../state/store.ts';
import { Window } from '../ui/Window.tsx';
import { useVideo, useVideoStudio } from './video-context.ts';
import { videoVariants } from './video-variants.ts';

const groups: readonly { readonly title: string; readonly prefix: string }[] = [
  { title: 'SAM 2.1', prefix: 'sam2.1-' },
  { title: 'SAM 2', prefix: 'sam2-' },
];

/** Models that follow objects, and how each gets here. */
export function VideoModelsWindow(): ReactNode {
  const video = useVideoStudio();
  const { model, busy, progress, backend } = useVideo();
  const isOpen = useStore(video.window) === 'models';
  const [stored, setStored] = useState<readonly CachedModel[]>([]);
  const refresh = useCallback(() => {
    storedModels().then(setStored, () => undefined);
  }, []);
  useEffect(() => {
    if (isOpen) refresh();
  }, [isOpen, refresh]);
  const loader = {
    model,
    isLoading: busy === 'loading',
    progress,
    load: async (choice: Parameters<typeof video.load>[0]) => {
      const isReady = await video.load(choice);
      if (isReady) video.window.set(null);
      return isReady;
    },
    stop: () => video.session.cancel(),
  };
  return (
    <Window
      title="Models for videos"
      width="wide"
      isOpen={isOpen}
      onClose={() => video.window.set(null)}
    >
      {backend !== null && (
        <p className="models-backend">
          <strong>{backend.kind === 'webgpu' ? 'On your GPU' : 'On your CPU'}</strong>
          <span>{backend.description}</span>
          <small>Because {backend.reason}.</small>
        </p>
      )}
      <p className="models-note video-models-note">
        Following objects needs SAM 2, whose files do not come along. Its official server lets no
        page read them: press Get where this site has a file, or download a <code>.pt</code> file
        there and choose it here. Smaller ones are quicker; tiny is a good start.
      </p>
      {groups.map(({ title, prefix }) => (
        <section key={title} className="models-group" aria-label={title}>
          <h3>{title}</h3>
          <ul>
            {videoVariants
              .filter(({ name }) => name.startsWith(prefix))
              .map((variant) => (
                <ModelRow
                  key={variant.name}
                  variant={variant}
                  stored={stored}
                  onStored={refresh}
                  loader={loader}
                />
              ))}
          </ul>
        </section>
      ))}
    </Window>
  );
}
