import type { ReactNode } from 'react';

import { useSession, useStudio } from '../app/studio-context.ts';
import { type ModelGroup, ModelListWindow } from './ModelListWindow.tsx';
import { variants } from './variants.ts';

interface ModelsWindowProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const group = (title: string, names: RegExp): ModelGroup => ({
  title,
  variants: variants.filter(({ name }) => names.test(name)),
});

const groups: readonly ModelGroup[] = [
  group('Comes along', /^nano$/),
  group('Small', /^(mobile|efficient|edge)-sam/),
  group('SAM 2.1', /^sam2\.1-/),
  group('SAM', /^sam-vit-/),
  group('HQ-SAM', /^sam-hq-/),
  group('SAM 2', /^sam2-/),
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
  return (
    <ModelListWindow
      title="Models"
      isOpen={isOpen}
      onClose={onClose}
      backend={backend}
      groups={groups}
      loader={loader}
      note={
        <p className="models-note">
          Files are checked against pinned hashes and kept in this browser. They come from this site
          or from a file of yours; no other server is asked.
        </p>
      }
    />
  );
}
