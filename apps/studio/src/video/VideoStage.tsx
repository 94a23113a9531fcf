import '../stage/stage.css';

import { MousePointerClick } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import type { SamCanvas } from '@samgpu/element';

import { StageError, StageWork } from '../stage/StageNote.tsx';
import { workText } from '../stage/work-text.ts';
import { Zoom } from '../stage/Zoom.tsx';
import { Button } from '../ui/Button.tsx';
import { useVideo, useVideoStudio } from './video-context.ts';
import { VideoCanvas } from './VideoCanvas.tsx';

/** The frame, and what is going on with it. */
export function VideoStage(): ReactNode {
  const canvas = useRef<SamCanvas>(null);
  return (
    <main className="stage">
      <VideoCanvas canvas={canvas} />
      <Zoom canvas={canvas} />
      <VideoWork />
      <FirstSteps />
    </main>
  );
}

/** Opening and loading, and what went wrong. */
function VideoWork(): ReactNode {
  const { studio, session, refusal, window } = useVideoStudio();
  const { busy, progress, model, error, video } = useVideo();
  if (refusal !== undefined) return <Refusal message={refusal} />;
  if (busy === 'opening') return <StageWork label="Opening the video" share={undefined} />;
  if (error !== null && video === null) return <Refusal message={error.message} />;
  if (busy === 'loading') {
    const text = workText('loading', progress, model?.title);
    return <StageWork {...text} onCancel={() => session.cancel()} />;
  }
  if (error === null) return null;
  return (
    <StageError message={error.message}>
      {error.code === 'engine-lost' && (
        <Button size="s" look="primary" onPress={() => void session.recover()}>
          Start anew
        </Button>
      )}
      <Button size="s" onPress={() => window.set('models')}>
        Choose a model
      </Button>
      <Button size="s" look="plain" onPress={() => session.dismissError()}>
        Dismiss
      </Button>
      {error.code === 'no-image' && (
        <Button size="s" onPress={() => studio.closeVideo()}>
          Close
        </Button>
      )}
    </StageError>
  );
}

function Refusal({ message }: { readonly message: string }): ReactNode {
  const { studio } = useVideoStudio();
  return (
    <StageError title="This video cannot be opened." message={message}>
      <Button size="s" look="primary" onPress={() => studio.pickVideo()}>
        Open another
      </Button>
      <Button size="s" onPress={() => studio.pickVideo({ folder: true })}>
        Open a folder of pictures
      </Button>
      <Button size="s" look="plain" onPress={() => studio.closeVideo()}>
        Close
      </Button>
    </StageError>
  );
}

/** What to do while nothing was done. */
function FirstSteps(): ReactNode {
  const { window } = useVideoStudio();
  const { model, busy, objects, video, error } = useVideo();
  if (video === null || busy !== null || error !== null) return null;
  if (model === null) {
    return (
      <div className="stage-work video-hint">
        <p>Following objects needs a SAM 2 model.</p>
        <Button size="s" look="primary" onPress={() => window.set('models')}>
          Choose a model
        </Button>
      </div>
    );
  }
  if (objects.length > 0) return null;
  return (
    <p className="stage-work video-hint">
      <MousePointerClick size={18} />
      Click what you want to follow, then Track.
    </p>
  );
}
