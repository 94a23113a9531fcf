import { lazy, type ReactNode, Suspense, useCallback, useEffect } from 'react';

import { StartScreen } from '../start/StartScreen.tsx';
import { useStore } from '../state/store.ts';
import { LazyWindow } from './LazyWindow.tsx';
import { Notices } from './Notices.tsx';
import { useStudio } from './studio-context.ts';
import { DropTarget } from './DropTarget.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { useTheme } from './use-theme.ts';

/** Videos bring a decoder along, which pictures do not need. */
const VideoWorkspace = lazy(async () => {
  const { VideoWorkspace } = await import('../video/VideoWorkspace.tsx');
  return { default: VideoWorkspace };
});

/** Only the start is there at first; what works on a picture comes right after it. */
const loadWorkspace = () => import('./Workspace.tsx');
const Workspace = lazy(async () => ({ default: (await loadWorkspace()).Workspace }));

const loadModels = async () => (await import('../models/ModelsWindow.tsx')).ModelsWindow;
const loadExport = async () => (await import('../export/ExportWindow.tsx')).ExportWindow;
const loadSettings = async () => (await import('../settings/SettingsWindow.tsx')).SettingsWindow;
const loadShortcuts = async () => (await import('../settings/ShortcutsWindow.tsx')).ShortcutsWindow;

export function App(): ReactNode {
  const studio = useStudio();
  const picture = useStore(studio.picture);
  const video = useStore(studio.video);
  const name = video?.name ?? picture?.name;
  const shown = useStore(studio.interface.window);
  useTheme();
  useShortcuts();
  useEffect(() => {
    document.title = name === undefined ? 'samgpu Studio' : `${name} · samgpu Studio`;
  }, [name]);
  useEffect(() => {
    // Before it is needed. If it fails, opening a picture asks again and tells.
    loadWorkspace().catch(() => undefined);
  }, []);
  const close = useCallback(() => studio.interface.show(null), [studio]);
  return (
    <DropTarget>
      <Suspense fallback={<p className="visually-hidden">Opening…</p>}>
        {video !== null ? (
          <VideoWorkspace file={video} />
        ) : picture === null ? (
          <StartScreen />
        ) : (
          <Workspace />
        )}
      </Suspense>
      <LazyWindow isOpen={shown === 'models'} onClose={close} load={loadModels} />
      <LazyWindow isOpen={shown === 'export'} onClose={close} load={loadExport} />
      <LazyWindow isOpen={shown === 'settings'} onClose={close} load={loadSettings} />
      <LazyWindow isOpen={shown === 'shortcuts'} onClose={close} load={loadShortcuts} />
      <Notices />
    </DropTarget>
  );
}
