import './settings.css';

import type { ReactNode } from 'react';

import { keysText, shortcuts } from '../app/shortcuts.ts';
import { useSettings } from '../app/studio-context.ts';
import { Window } from '../ui/Window.tsx';

/** What `<sam-canvas>` does with keys, while it has the focus. */
const ofPicture: readonly (readonly [what: string, ...keys: string[]])[] = [
  ['Keep what was found', 'Enter'],
  ['Drop it', 'Esc'],
  ['Next alternative', 'Tab', ']'],
  ['Take the last click back', 'Backspace'],
  ['Move the cursor', '←', '↑', '↓', '→'],
  ['… by one pixel', keysText(['shift']), '→'],
  ['Point at what belongs to it', 'Space'],
  ['Point at what does not', keysText(['shift']), 'Space'],
  ['Larger, smaller', '+', '−'],
  ['All of it, actual size', '0', '1'],
  ['Move the picture', keysText(['mod']), '→'],
];

const ofVideo: readonly (readonly [what: string, ...keys: string[]])[] = [
  ['Play, pause', 'Space', 'K'],
  ['On or back by a frame', '←', '→', ',', '.'],
  ['… by ten', keysText(['shift']), '→'],
  ['To the start or the end', 'Home', 'End'],
  ['Begin or end the range here', 'I', 'O'],
  ['Another object', 'N'],
  ['Track', 'T'],
];

interface ShortcutsWindowProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ShortcutsWindow({ isOpen, onClose }: ShortcutsWindowProps): ReactNode {
  const { letterKeys } = useSettings();
  const active = shortcuts.filter(({ isLetter = false }) => letterKeys || !isLetter);
  return (
    <Window title="Keyboard shortcuts" isOpen={isOpen} onClose={onClose} isText>
      <h3>In the picture</h3>
      <dl className="shortcut-list">
        {ofPicture.map(([what, ...keys]) => (
          <Row key={what} what={what} keys={keys} />
        ))}
      </dl>
      <h3>In a video</h3>
      <p className="shortcut-note">
        While the picture is pointed at by keys, Space and the arrows are its own.
      </p>
      <dl className="shortcut-list">
        {ofVideo.map(([what, ...keys]) => (
          <Row key={what} what={what} keys={keys} />
        ))}
      </dl>
      <h3>Anywhere</h3>
      <dl className="shortcut-list">
        {active.map(({ name, what, keys }) => (
          <Row key={name} what={what} keys={keys.map((key) => keysText([key]))} />
        ))}
      </dl>
    </Window>
  );
}

function Row({
  what,
  keys,
}: {
  readonly what: string;
  readonly keys: readonly string[];
}): ReactNode {
  return (
    <>
      <dt>{what}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </>
  );
}
