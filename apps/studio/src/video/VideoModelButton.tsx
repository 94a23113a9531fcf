import type { ReactNode } from 'react';

import { ModelButtonFace } from '../models/ModelButton.tsx';
import { useVideo, useVideoStudio } from './video-context.ts';

/** Which model follows objects, and where. */
export function VideoModelButton(): ReactNode {
  const { window } = useVideoStudio();
  const { model, backend, busy, progress } = useVideo();
  return (
    <ModelButtonFace
      model={model}
      backend={backend}
      isLoading={busy === 'loading'}
      progress={progress}
      onPress={() => window.set('models')}
    />
  );
}
