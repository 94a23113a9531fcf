/** What the keyboard does, without saying how. Directions are of the screen. */
export type KeyAction =
  | { readonly type: 'commit' }
  | { readonly type: 'cancel' }
  | { readonly type: 'cycle'; readonly by: 1 | -1 }
  | { readonly type: 'remove' }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  | { readonly type: 'zoom'; readonly factor: number }
  | { readonly type: 'fit' }
  | { readonly type: 'actual-size' }
  | { readonly type: 'move-cursor'; readonly x: number; readonly y: number }
  | { readonly type: 'pan'; readonly x: number; readonly y: number }
  /** Like pressing a pointer at the cursor, and releasing it. */
  | { readonly type: 'press'; readonly opposite: boolean }
  | { readonly type: 'toggle-label' }
  | { readonly type: 'tool'; readonly tool: 'point' | 'box' | 'lasso' | 'scribble' | 'pan' };

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** What of the state decides whether a key is ours. */
export interface KeyContext {
  /** Masks to choose from, and the one that is chosen. */
  readonly candidates: number;
  readonly candidateIndex: number;
}

/** CSS pixels per press of an arrow: enough to get somewhere, and with Shift enough to be exact. */
const STEP = 16;
const FINE_STEP = 1;
const PAN_STEP = 64;

/** Of `+` and `-`. */
const ZOOM_STEP = 1.25;

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const TOOLS: Readonly<Record<string, Extract<KeyAction, { type: 'tool' }>['tool']>> = {
  p: 'point',
  b: 'box',
  l: 'lasso',
  s: 'scribble',
  h: 'pan',
};

/** @returns undefined for keys that belong to the page */
export function keyAction(press: KeyPress, context: KeyContext): KeyAction | undefined {
  const { key, shiftKey, altKey, ctrlKey, metaKey } = press;
  if (ctrlKey || metaKey) return altKey ? undefined : commandAction(key, shiftKey);
  if (altKey) return undefined;
  const arrow = ARROWS[key];
  if (arrow !== undefined) {
    const step = shiftKey ? FINE_STEP : STEP;
    return { type: 'move-cursor', x: arrow[0] * step, y: arrow[1] * step };
  }
  switch (key) {
    case 'Enter':
      return { type: 'commit' };
    case 'Escape':
      return { type: 'cancel' };
    case 'Tab':
      return tabAction(shiftKey, context);
    case ']':
      return context.candidates > 1 ? { type: 'cycle', by: 1 } : undefined;
    case '[':
      return context.candidates > 1 ? { type: 'cycle', by: -1 } : undefined;
    case 'Backspace':
    case 'Delete':
      return { type: 'remove' };
    case ' ':
      return { type: 'press', opposite: shiftKey };
    case '+':
    case '=':
      return { type: 'zoom', factor: ZOOM_STEP };
    case '-':
    case '_':
      return { type: 'zoom', factor: 1 / ZOOM_STEP };
    case '0':
      return { type: 'fit' };
    case '1':
      return { type: 'actual-size' };
  }
  const letter = key.toLowerCase();
  if (letter === 'x') return { type: 'toggle-label' };
  const tool = TOOLS[letter];
  return tool === undefined || shiftKey ? undefined : { type: 'tool', tool };
}

/**
 * Tab goes through the candidates round and round. Going backwards past the first leaves the element,
 * as Tab does where there is nothing to choose, so that nobody is caught in it.
 */
function tabAction(backwards: boolean, context: KeyContext): KeyAction | undefined {
  if (context.candidates <= 1) return undefined;
  if (!backwards) return { type: 'cycle', by: 1 };
  return context.candidateIndex > 0 ? { type: 'cycle', by: -1 } : undefined;
}

function commandAction(key: string, shiftKey: boolean): KeyAction | undefined {
  const arrow = ARROWS[key];
  if (arrow !== undefined) {
    return { type: 'pan', x: -arrow[0] * PAN_STEP || 0, y: -arrow[1] * PAN_STEP || 0 };
  }
  switch (key.toLowerCase()) {
    case 'z':
      return { type: shiftKey ? 'redo' : 'undo' };
    case 'y':
      return { type: 'redo' };
    default:
      return undefined;
  }
}
