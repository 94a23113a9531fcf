import { type ReactNode, useEffect } from 'react';

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

export function App(): ReactNode {
  const studio = useStudio();
  const picture = useStore(studio.picture);
  const shown = useStore(studio.interface.window);
  useTheme();
  useShortcuts();
  useEffect(() => {
    document.title = picture === null ? 'samgpu Studio' : `${picture.name} · samgpu Studio`;
  }, [picture]);
  const close = (): void => studio.interface.show(null);
  return (
    <DropTarget>
      {picture === null ? <StartScreen /> : <Workspace />}
      <ModelsWindow isOpen={shown === 'models'} onClose={close} />
      <ExportWindow isOpen={shown === 'export'} onClose={close} />
      <SettingsWindow isOpen={shown === 'settings'} onClose={close} />
      <ShortcutsWindow isOpen={shown === 'shortcuts'} onClose={close} />
      <Notices />
    </DropTarget>
  );
}
