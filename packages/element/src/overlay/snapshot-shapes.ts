import { distinctColors } from '@samgpu/mask';
import type { SessionSnapshot } from '@samgpu/session';

import type { Theme } from '../theme.ts';
import type { OverlayShape } from './overlay-scene.ts';

/** What of a session is drawn over its picture. */
export interface OverlayOptions {
  /** Objects that were accepted. @defaultValue true */
  readonly objects?: boolean;
  /** The mask that would be accepted now. @defaultValue true */
  readonly draft?: boolean;
  /** What a click would take. @defaultValue true */
  readonly hover?: boolean;
  /** Results of finding everything, until they are taken. @defaultValue true */
  readonly found?: boolean;
  /** Of tints, 0 to 1. @defaultValue the custom property `--sam-fill-opacity` */
  readonly fill?: number;
  /** @defaultValue true */
  readonly outline?: boolean;
}

/** Lines that set off what is not worked at now. */
const QUIET = 0.75;

/** The masks that a snapshot has to show, the last on top. */
export function shapesOf(
  snapshot: SessionSnapshot,
  theme: Theme,
  options: OverlayOptions,
): OverlayShape[] {
  const { draft, hover, objects, selected } = snapshot;
  const { fill = theme.fill, outline = true } = options;
  const line = outline ? 'solid' : 'none';
  const shapes: OverlayShape[] = [];
  const showsDraft = draft !== null && options.draft !== false;
  if (options.found !== false && !showsDraft) {
    const found = snapshot.everything?.found ?? [];
    const colors = distinctColors(found.length);
    for (const [i, { mask }] of found.entries()) {
      shapes.push({ mask, color: colors[i]!, fill: fill * QUIET, line, opacity: 0.8 });
    }
  }
  if (options.objects !== false) {
    for (const { id, visible, mask, color } of objects) {
      // The draft stands for the object that it changes.
      if (!visible || (showsDraft && draft.target === id)) continue;
      const isSelected = id === selected && !showsDraft;
      shapes.push({
        mask,
        color,
        fill: isSelected ? fill : fill * QUIET,
        line: isSelected && outline ? 'ants' : line,
        opacity: 1,
      });
    }
  }
  if (showsDraft) {
    const target = objects.find(({ id }) => id === draft.target);
    const color = target?.color ?? theme.draft;
    shapes.push({ mask: draft.mask, color, fill, line: outline ? 'ants' : 'none', opacity: 1 });
  }
  if (hover !== null && options.hover !== false) {
    shapes.push({
      mask: hover.mask,
      color: theme.hover,
      fill: theme.hoverFill,
      // Two outlines at once are hard to tell apart.
      line: showsDraft ? 'none' : line,
      opacity: 0.9,
    });
  }
  return shapes;
}
