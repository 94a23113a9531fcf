import { describe, expect, test } from 'vitest';

import { keyAction, type KeyAction, type KeyPress } from './keyboard.ts';

function press(keys: string, candidates = 0, candidateIndex = 0): KeyAction | undefined {
  const parts = keys.split(/\+(?=.)/);
  const has = (name: string): boolean => parts.includes(name);
  const event: KeyPress = {
    key: parts.at(-1) === 'Space' ? ' ' : parts.at(-1)!,
    shiftKey: has('Shift'),
    altKey: has('Alt'),
    ctrlKey: has('Control'),
    metaKey: has('Meta'),
  };
  return keyAction(event, { candidates, candidateIndex });
}

describe('keys', () => {
  test.each<[string, KeyAction]>([
    ['Enter', { type: 'commit' }],
    ['Escape', { type: 'cancel' }],
    ['Backspace', { type: 'remove' }],
    ['Delete', { type: 'remove' }],
    ['Control+z', { type: 'undo' }],
    ['Meta+z', { type: 'undo' }],
    ['Control+Shift+Z', { type: 'redo' }],
    ['Control+y', { type: 'redo' }],
    ['+', { type: 'zoom', factor: 1.25 }],
    ['=', { type: 'zoom', factor: 1.25 }],
    ['-', { type: 'zoom', factor: 0.8 }],
    ['0', { type: 'fit' }],
    ['1', { type: 'actual-size' }],
    ['ArrowLeft', { type: 'move-cursor', x: -16, y: 0 }],
    ['Shift+ArrowDown', { type: 'move-cursor', x: 0, y: 1 }],
    ['Control+ArrowRight', { type: 'pan', x: -64, y: 0 }],
    ['Space', { type: 'press', opposite: false }],
    ['Shift+Space', { type: 'press', opposite: true }],
    ['x', { type: 'toggle-label' }],
    ['b', { type: 'tool', tool: 'box' }],
    ['L', { type: 'tool', tool: 'lasso' }],
  ])('%s', (keys, action) => {
    expect(press(keys)).toEqual(action);
  });

  test.each(['a', 'Control+s', 'Control+c', 'F5', 'Alt+ArrowLeft', 'Control+Alt+z', 'Shift+B'])(
    '%s belongs to the page',
    (keys) => {
      expect(press(keys)).toBeUndefined();
    },
  );
});

describe('candidates', () => {
  test('Tab goes round, and leaves where there is nothing to choose', () => {
    expect(press('Tab')).toBeUndefined();
    expect(press('Tab', 1)).toBeUndefined();
    expect(press('Shift+Tab', 1)).toBeUndefined();
    expect(press('Tab', 3, 2)).toEqual({ type: 'cycle', by: 1 });
  });

  test('Shift and Tab goes back, and from the first one out of the element', () => {
    expect(press('Shift+Tab', 3, 1)).toEqual({ type: 'cycle', by: -1 });
    expect(press('Shift+Tab', 3, 0)).toBeUndefined();
  });

  test('brackets go both ways', () => {
    expect(press(']', 3)).toEqual({ type: 'cycle', by: 1 });
    expect(press('[', 3)).toEqual({ type: 'cycle', by: -1 });
    expect(press('[', 1)).toBeUndefined();
  });
});
