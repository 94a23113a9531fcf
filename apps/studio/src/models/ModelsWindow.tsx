import './models-window.css';

import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { CachedModel } from '@samgpu/weights';

import { useSession, useStudio } from '../app/studio-context.ts';
import { Window } from '../ui/Window.tsx';
import { ModelRow } from './ModelRow.tsx';
import { storedModels } from './model-state.ts';
import { variants } from './variants.ts';

interface ModelsWindowProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const groups: readonly { readonly title: string; readonly includes: (name: string) => boolean }[] =
  [
    { title: 'Comes along', includes: (name) => name === 'nano' },
    { title: 'Small', includes: (name) => /^(mobile|efficient|edge)-sam/.test(name) },
    { title: 'SAM 2.1', includes: (name) => name.startsWith('sam2.1-') },
    { title: 'SAM', includes: (name) => name.startsWith('sam-vit-') },
    { title: 'HQ-SAM', includes: (name) => name.startsWith('sam-hq-') },
    { title: 'SAM 2', includes: (name) => name.startsWith('sam2-') },
  ];

/** Which model is at work, what the others take, and how each gets here. */
export function ModelsWindow({ isOpen, onClose }: ModelsWindowProps): ReactNode {
  const studio = useStudio();
  const { backend, model, state, progress } = useSession();
  const loader = {
    model,
    isLoading: state === 'loading',
    progress,
    load: async (choice: Parameters<typeof studio.load>[0]) => {
      const isReady = await studio.load(choice);
      if (isReady) studio.settings.change({ model: choice.name });
      return isReady;
    },
    stop: () => studio.session.cancel(),
  };
  const [stored, setStored] = useState<readonly CachedModel[]>([]);
  const refresh = useCallback(() => {
    storedModels().then(setStored, () => undefined);
  }, []);
  useEffect(() => {
    if (isOpen) refresh();
  }, [isOpen, refresh]);
  return (
    <Window title="Models" width="wide" isOpen={isOpen} onClose={onClose}>
      {backend !== null && (
        <p className="models-backend">
          <strong>{backend.kind === 'webgpu' ? 'On your GPU' : 'On your CPU'}</strong>
          <span>{backend.description}</span>
          <small>Because {backend.reason}.</small>
        </p>
      )}
      {groups.map(({ title, includes }) => (
        <section key={title} className="models-group" aria-label={title}>
          <h3>{title}</h3>
          <ul>
            {variants
              .filter(({ name }) => includes(name))
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
      <p className="models-note">
        Files are checked against pinned hashes and kept in this browser. They come from this site
        or from a file of yours; no other server is asked.
      </p>
    </Window>
  );
}
