import { useEffect } from 'react';

import type { Studio } from '../state/studio.ts';
import { type ShortcutName, shortcutOf } from './shortcuts.ts';
import { useStudio } from './studio-context.ts';

/** Keys that work wherever the focus is, but in fields and dialogs. Those of the picture are its own. */
export function useShortcuts(): void {
  const studio = useStudio();
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTyping(event)) return;
      const shortcut = shortcutOf(event);
      if (shortcut === undefined) return;
      if (shortcut.isLetter === true && !studio.settings.get().letterKeys) return;
      if (document.querySelector('[role=dialog], [role=menu]') !== null) return;
      if (run(studio, shortcut.name)) event.preventDefault();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, [studio]);
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input:not([type=range]), textarea, select') !== null)
  );
}

/** @returns whether there was something to do */
function run(studio: Studio, name: ShortcutName): boolean {
  if (studio.picture.get() === null && name !== 'open' && name !== 'shortcuts') return false;
  switch (name) {
    case 'open':
      studio.pickFile();
      break;
    case 'shortcuts':
      studio.interface.show(name);
      break;
    case 'export':
      void studio.export();
      break;
    case 'undo':
    case 'redo':
      studio.session[name]();
      break;
    case 'label':
      studio.interface.chooseLabel(
        studio.interface.tool.get().label === 'include' ? 'exclude' : 'include',
      );
      break;
    case 'everything':
      studio.interface.showPanel('find');
      break;
    default:
      studio.interface.chooseTool(name);
  }
  return true;
}
