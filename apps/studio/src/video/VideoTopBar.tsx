import {
  Download,
  Ellipsis,
  Film,
  FolderOpen,
  ImagePlus,
  Redo2,
  Settings2,
  Undo2,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, MenuTrigger } from 'react-aria-components';

import { shortcutText } from '../app/shortcuts.ts';
import { Button } from '../ui/Button.tsx';
import { Choices } from '../ui/Choices.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Mark } from '../ui/Mark.tsx';
import { useVideo, useVideoStudio } from './video-context.ts';
import { VideoModelButton } from './VideoModelButton.tsx';

export function VideoTopBar(): ReactNode {
  const { studio, session, file, window } = useVideoStudio();
  const { canUndo, canRedo, undoLabel, redoLabel, objects } = useVideo();
  const said = (verb: string, label: string | null): string =>
    label === null ? verb : `${verb}: ${label}`;
  return (
    <header className="top-bar">
      <AriaButton
        className="top-home"
        aria-label="Close the video"
        onPress={() => studio.closeVideo()}
      >
        <Mark size={28} />
      </AriaButton>
      <h1 className="top-name" title={file.name}>
        {file.name}
      </h1>
      <div className="top-history" role="group" aria-label="History">
        <IconButton
          label={said('Undo', undoLabel)}
          shortcut={shortcutText('undo')}
          isDisabled={!canUndo}
          onPress={() => session.undo()}
        >
          <Undo2 size={18} />
        </IconButton>
        <IconButton
          label={said('Redo', redoLabel)}
          shortcut={shortcutText('redo')}
          isDisabled={!canRedo}
          onPress={() => session.redo()}
        >
          <Redo2 size={18} />
        </IconButton>
      </div>
      <span className="top-gap" />
      <VideoModelButton />
      <Button
        look="primary"
        isDisabled={objects.length === 0}
        onPress={() => window.set('export')}
        aria-label="Export"
      >
        <Download size={17} />
        <span className="top-export">Export</span>
      </Button>
      <MenuTrigger>
        <IconButton label="More">
          <Ellipsis size={18} />
        </IconButton>
        <Choices
          choices={[
            {
              label: 'Open another video…',
              icon: <Film size={16} />,
              run: () => studio.pickVideo(),
            },
            {
              label: 'Open a folder of pictures…',
              icon: <FolderOpen size={16} />,
              run: () => studio.pickVideo({ folder: true }),
            },
            {
              label: 'Open a picture…',
              icon: <ImagePlus size={16} />,
              shortcut: shortcutText('open'),
              run: () => studio.pickFile(),
            },
            { label: 'Close', icon: <X size={16} />, run: () => studio.closeVideo() },
            {
              label: 'Settings',
              icon: <Settings2 size={16} />,
              run: () => studio.interface.show('settings'),
            },
          ]}
        />
      </MenuTrigger>
    </header>
  );
}
