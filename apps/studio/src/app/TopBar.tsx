import './top-bar.css';

import {
  ClipboardPaste,
  Download,
  Ellipsis,
  ImagePlus,
  Keyboard,
  Redo2,
  Settings2,
  Undo2,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, MenuTrigger } from 'react-aria-components';

import { ModelButton } from '../models/ModelButton.tsx';
import { Button } from '../ui/Button.tsx';
import { Choices } from '../ui/Choices.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Mark } from '../ui/Mark.tsx';
import { shortcutText } from './shortcuts.ts';
import { useSession, useStudio } from './studio-context.ts';

export function TopBar(): ReactNode {
  const studio = useStudio();
  const { canUndo, canRedo, undoLabel, redoLabel, image, opening, objects, draft } = useSession();
  const { session } = studio;
  const said = (verb: string, label: string | null): string =>
    label === null ? verb : `${verb}: ${label}`;
  return (
    <header className="top-bar">
      <AriaButton
        className="top-home"
        aria-label="Close the picture"
        onPress={() => void studio.close()}
      >
        <Mark size={28} />
      </AriaButton>
      <h1 className="top-name" title={image?.name}>
        {opening ?? image?.name ?? 'Studio'}
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
      <ModelButton />
      <Button
        look="primary"
        aria-label="Export"
        onPress={() => void studio.export()}
        isDisabled={objects.length === 0 && draft === null}
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
              label: 'Open a picture…',
              icon: <ImagePlus size={16} />,
              shortcut: shortcutText('open'),
              run: () => studio.pickFile(),
            },
            {
              label: 'Paste a picture',
              icon: <ClipboardPaste size={16} />,
              run: () => void studio.openClipboard(),
            },
            { label: 'Close', icon: <X size={16} />, run: () => void studio.close() },
            {
              label: 'Keyboard shortcuts',
              icon: <Keyboard size={16} />,
              shortcut: '?',
              run: () => studio.interface.show('shortcuts'),
            },
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
