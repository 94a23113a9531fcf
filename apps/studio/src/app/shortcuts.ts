/** What a key does, told in the dialog of shortcuts and in hints. */
export interface Shortcut {
  readonly name: ShortcutName;
  readonly what: string;
  /** `mod` is Command on a Mac, Control elsewhere. */
  readonly keys: readonly string[];
  /** Single letters can be switched off, as they get in the way of speech input. */
  readonly isLetter?: boolean;
}

export type ShortcutName =
  | 'open'
  | 'export'
  | 'undo'
  | 'redo'
  | 'point'
  | 'box'
  | 'lasso'
  | 'scribble'
  | 'pan'
  | 'label'
  | 'everything'
  | 'shortcuts';

export const shortcuts: readonly Shortcut[] = [
  { name: 'open', what: 'Open a picture', keys: ['mod', 'O'] },
  { name: 'export', what: 'Export', keys: ['mod', 'E'] },
  { name: 'undo', what: 'Undo', keys: ['mod', 'Z'] },
  { name: 'redo', what: 'Redo', keys: ['mod', 'shift', 'Z'] },
  { name: 'point', what: 'Click', keys: ['P'], isLetter: true },
  { name: 'box', what: 'Box', keys: ['B'], isLetter: true },
  { name: 'lasso', what: 'Lasso', keys: ['L'], isLetter: true },
  { name: 'scribble', what: 'Brush', keys: ['S'], isLetter: true },
  { name: 'pan', what: 'Move the picture', keys: ['H'], isLetter: true },
  { name: 'label', what: 'Include or exclude', keys: ['X'], isLetter: true },
  { name: 'everything', what: 'Find everything', keys: ['E'], isLetter: true },
  { name: 'shortcuts', what: 'These shortcuts', keys: ['?'], isLetter: true },
];

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** As it stands in hints, for example `Ctrl+Z` or `⇧⌘Z`. */
export function shortcutText(name: ShortcutName): string | undefined {
  const found = shortcuts.find((shortcut) => shortcut.name === name);
  return found && keysText(found.keys);
}

export function keysText(keys: readonly string[]): string {
  const names = keys.map((key) => {
    if (key === 'mod') return isMac ? '⌘' : 'Ctrl';
    if (key === 'shift') return isMac ? '⇧' : 'Shift';
    return key;
  });
  return names.join(isMac ? '' : '+');
}

/** The shortcut that an event means, if any. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.altKey) return undefined;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const otherMod = isMac ? event.ctrlKey : event.metaKey;
  if (otherMod) return undefined;
  const key = event.key.toUpperCase();
  return shortcuts.find(({ keys }) => {
    const wantsMod = keys.includes('mod');
    // The question mark needs Shift on some keyboards and not on others.
    const fitsShift = keys.at(-1) === '?' || keys.includes('shift') === event.shiftKey;
    return keys.at(-1) === key && wantsMod === mod && fitsShift;
  });
}
