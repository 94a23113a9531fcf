import './stage.css';

import { type ReactNode, useRef } from 'react';
import type { SamCanvas } from '@samgpu/element';

import { useSession, useStudio } from '../app/studio-context.ts';
import { Bar } from '../ui/Bar.tsx';
import { Button } from '../ui/Button.tsx';
import { Canvas } from './Canvas.tsx';
import { Highlight } from './Highlight.tsx';
import { PromptBar } from './PromptBar.tsx';
import { Result } from './Result.tsx';
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
  const { state, progress, error, image, model } = useSession();
  if (state === 'loading' || state === 'encoding') {
    const { label, share, detail } = workText(state, progress, model?.title);
    return (
      <div className="stage-work" role="status">
        <Bar label={label} share={share} detail={detail} />
        {state === 'loading' && (
          <Button size="s" look="plain" onPress={() => studio.session.cancel()}>
            Cancel
          </Button>
        )}
      </div>
    );
  }
  if (error === null || image === null) return null;
  return (
    <div className="stage-work stage-error" role="alert">
      <div>
        <strong>That did not work.</strong>
        <p>{error.message}</p>
      </div>
      <div className="stage-error-actions">
        <Button size="s" look="primary" onPress={() => void studio.recover()}>
          Try again
        </Button>
        <Button size="s" onPress={() => studio.interface.show('models')}>
          Choose a model
        </Button>
        <Button size="s" look="plain" onPress={() => studio.session.dismissError()}>
          Dismiss
        </Button>
      </div>
    </div>
  );
}
