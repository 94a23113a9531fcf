import { useEffect } from 'react';

import type { VideoStudio } from './video-studio.ts';

/** Frames that Shift and an arrow go. */
const STRIDE = 10;

/**
 * Keys of time. Space and arrows belong to the picture while somebody points in it by keys, which
 * begins when Tab brings them there.
 */
export function useVideoKeys(video: VideoStudio): void {
  useEffect(() => {
    let byPointer = true;
    const stop = new AbortController();
    const { signal } = stop;
    window.addEventListener('pointerdown', () => (byPointer = true), { signal, capture: true });
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Tab') byPointer = false;
        if (event.defaultPrevented || isTaken(event, byPointer)) return;
        if (!run(video, event)) return;
        event.preventDefault();
        event.stopPropagation();
      },
      // Before the picture, which has uses of its own for some of them.
      { signal, capture: true },
    );
    return () => stop.abort();
  }, [video]);
}

const PICTURE_KEYS = new Set([' ', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);
const SLIDER_KEYS = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End']);

/** Whether a key belongs to what has the focus. */
function isTaken({ key, target }: KeyboardEvent, byPointer: boolean): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector('[role=dialog], [role=menu]') !== null) return true;
  if (target.closest('sam-canvas') !== null) return !byPointer && PICTURE_KEYS.has(key);
  if (target.matches('input[type=range]')) return SLIDER_KEYS.has(key);
  if (target.matches('input, textarea, select')) return true;
  // Space and arrows mean something to buttons, lists and tabs.
  const isControl = target.closest('button, a, [role=row], [role=tab], [role=radio]') !== null;
  return isControl && (PICTURE_KEYS.has(key) || SLIDER_KEYS.has(key));
}

/** @returns whether there was something to do */
function run(video: VideoStudio, event: KeyboardEvent): boolean {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  const { session, player } = video;
  const { snapshot } = session;
  if (snapshot.video === null || altKey) return false;
  if (ctrlKey || metaKey) return command(video, key.toLowerCase(), shiftKey);
  const by = shiftKey ? STRIDE : 1;
  switch (key) {
    case ' ':
      player.toggle();
      return true;
    case 'ArrowLeft':
      player.step(-by);
      return true;
    case 'ArrowRight':
      player.step(by);
      return true;
    case 'Home':
      player.goTo(snapshot.range.from);
      return true;
    case 'End':
      player.goTo(snapshot.range.to);
      return true;
  }
  if (shiftKey || !video.studio.settings.get().letterKeys) return false;
  switch (key.toLowerCase()) {
    case 'k':
      player.toggle();
      return true;
    case ',':
      player.step(-1);
      return true;
    case '.':
      player.step(1);
      return true;
    case 'i':
      session.setRange({ from: snapshot.frame });
      return true;
    case 'o':
      session.setRange({ to: snapshot.frame });
      return true;
    case 'n':
      session.select(null);
      return true;
    case 't':
      void video.follow('all');
      return true;
    default:
      return false;
  }
}

function command(video: VideoStudio, key: string, shiftKey: boolean): boolean {
  switch (key) {
    case 'z':
      if (shiftKey) video.session.redo();
      else video.session.undo();
      return true;
    case 'y':
      video.session.redo();
      return true;
    case 'e':
      video.window.set('export');
      return true;
    default:
      return false;
  }
}
