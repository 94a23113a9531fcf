import './stage.css';

import { type ReactNode, useRef } from 'react';
import type { SamCanvas } from '@samgpu/element';

import { useSession, useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Canvas } from './Canvas.tsx';
import { Highlight } from './Highlight.tsx';
import { PromptBar } from './PromptBar.tsx';
import { Result } from './Result.tsx';
import { StageError, StageWork } from './StageNote.tsx';
import { workText } from './work-text.ts';
import { Zoom } from './Zoom.tsx';

/** The picture, what is going on with it, and what was found in it. */
export function Stage(): ReactNode {
  const canvas = useRef<SamCanvas>(null);
  return (
    <main className="stage">
      <Canvas canvas={canvas} />
      <Result />
      <Highlight />
      <Zoom canvas={canvas} />
      <Work />
      <PromptBar />
    </main>
  );
}

/** Loading and encoding, which have to end before a click can do anything. */
function Work(): ReactNode {
  const studio = useStudio();
  const { session } = studio;
  const { state, progress, error, image, model } = useSession();
  if (state === 'loading' || state === 'encoding') {
    const cancel = state === 'loading' ? () => session.cancel() : undefined;
    return <StageWork {...workText(state, progress, model?.title)} onCancel={cancel} />;
  }
  if (error === null || image === null) return null;
  return (
    <StageError message={error.message}>
      <Button size="s" look="primary" onPress={() => void studio.recover()}>
        Try again
      </Button>
      <Button size="s" onPress={() => studio.interface.show('models')}>
        Choose a model
      </Button>
      <Button size="s" look="plain" onPress={() => session.dismissError()}>
        Dismiss
      </Button>
    </StageError>
  );
}
