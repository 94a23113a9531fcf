import { createContext, useContext, useSyncExternalStore } from 'react';
import type { VideoSnapshot } from '@samgpu/session';

import type { VideoStudio } from './video-studio.ts';

export const VideoContext = createContext<VideoStudio | null>(null);

export function useVideoStudio(): VideoStudio {
  const video = useContext(VideoContext);
  if (video === null) throw new Error('useVideoStudio() wants to be below a VideoContext');
  return video;
}

/** All that the session shows. */
export function useVideo(): VideoSnapshot {
  const { session, subscribe } = useVideoStudio();
  return useSyncExternalStore(subscribe, () => session.snapshot);
}
