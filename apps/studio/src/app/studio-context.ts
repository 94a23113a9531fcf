import { createContext, useContext, useSyncExternalStore } from 'react';
import type { SessionSnapshot } from '@samgpu/session';

import type { Studio } from '../state/studio.ts';
import type { Settings } from '../state/settings.ts';
import { useStore } from '../state/store.ts';

export const StudioContext = createContext<Studio | null>(null);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (studio === null) throw new Error('useStudio() wants to be below a StudioContext');
  return studio;
}

/** All that the session shows. */
export function useSession(): SessionSnapshot {
  const studio = useStudio();
  return useSyncExternalStore(studio.subscribe, () => studio.session.snapshot);
}

export function useSettings(): Settings {
  return useStore(useStudio().settings);
}
