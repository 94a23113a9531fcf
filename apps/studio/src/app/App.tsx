import { lazy, type ReactNode, Suspense, useEffect } from 'react';

import { ExportWindow } from '../export/ExportWindow.tsx';
import { ModelsWindow } from '../models/ModelsWindow.tsx';
import { SettingsWindow } from '../settings/SettingsWindow.tsx';
import { ShortcutsWindow } from '../settings/ShortcutsWindow.tsx';
import { StartScreen } from '../start/StartScreen.tsx';
import { useStore } from '../state/store.ts';
import { Notices } from './Notices.tsx';
import { useStudio } from './studio-context.ts';
import { DropTarget } from './DropTarget.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { useTheme } from './use-theme.ts';
import { Workspace } from './Workspace.tsx';

/** Videos bring a decoder along, which pictures do not need. */
const VideoWorkspace = lazy(async () => {
  const { VideoWorkspace } = await import('../video/VideoWorkspace.tsx');
  return { default: VideoWorkspace };
});

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
  const close = (): void => studio.interface.show(null);
  return (
    <DropTarget>
      {video !== null ? (
        <Suspense fallback={<p className="visually-hidden">Opening…</p>}>
          <VideoWorkspace file={video} />
        </Suspense>
      ) : picture === null ? (
        <StartScreen />
      ) : (
        <Workspace />
      )}
      <ModelsWindow isOpen={shown === 'models'} onClose={close} />
      <ExportWindow isOpen={shown === 'export'} onClose={close} />
      <SettingsWindow isOpen={shown === 'settings'} onClose={close} />
      <ShortcutsWindow isOpen={shown === 'shortcuts'} onClose={close} />
      <Notices />
    </DropTarget>
  );
}
