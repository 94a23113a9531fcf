import './top-bar.css';

import { Download, Ellipsis, Redo2, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, MenuTrigger } from 'react-aria-components';
import type { Session, SessionSnapshot } from '@samgpu/session';

import { Button } from '../ui/Button.tsx';
import { type Choice, Choices } from '../ui/Choices.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Mark } from '../ui/Mark.tsx';
import { shortcutText } from './shortcuts.ts';

interface TopBarFrameProps {
  readonly kind: 'picture' | 'video';
  /** Of what is open. */
  readonly name: string | undefined;
  /** What stands in place of the name. */
  readonly heading?: string;
  readonly history: Pick<SessionSnapshot, 'undoLabel' | 'redoLabel'>;
  readonly session: Pick<Session, 'undo' | 'redo'>;
  /** The button that opens the list of models. */
  readonly modelButton: ReactNode;
  readonly canExport: boolean;
  /** Under "More". */
  readonly choices: readonly Choice[];
  readonly onExport: () => void;
  readonly onClose: () => void;
}

/** The bar over a picture or a video: its name, history, model, export, and what else there is. */
export function TopBarFrame({
  kind,
  name,
  heading = name,
  history: { undoLabel, redoLabel },
  session,
  modelButton,
  canExport,
  choices,
  onExport,
  onClose,
}: TopBarFrameProps): ReactNode {
  const said = (verb: string, label: string | null): string =>
    label === null ? verb : `${verb}: ${label}`;
  return (
    <header className="top-bar">
      <AriaButton className="top-home" aria-label={`Close the ${kind}`} onPress={onClose}>
        <Mark size={28} />
      </AriaButton>
      <h1 className="top-name" title={name}>
        {heading}
      </h1>
      <div className="top-history" role="group" aria-label="History">
        <IconButton
          label={said('Undo', undoLabel)}
          shortcut={shortcutText('undo')}
          isDisabled={undoLabel === null}
          onPress={() => session.undo()}
        >
          <Undo2 size={18} />
        </IconButton>
        <IconButton
          label={said('Redo', redoLabel)}
          shortcut={shortcutText('redo')}
          isDisabled={redoLabel === null}
          onPress={() => session.redo()}
        >
          <Redo2 size={18} />
        </IconButton>
      </div>
      <span className="top-gap" />
      {modelButton}
      <Button look="primary" aria-label="Export" onPress={onExport} isDisabled={!canExport}>
        <Download size={17} />
        <span className="top-export">Export</span>
      </Button>
      <MenuTrigger>
        <IconButton label="More">
          <Ellipsis size={18} />
        </IconButton>
        <Choices choices={choices} />
      </MenuTrigger>
    </header>
  );
}
