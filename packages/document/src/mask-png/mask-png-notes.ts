import { hexadecimalColor, parseHexadecimalColor } from '../hexadecimal-color.ts';
import type { ReadObject } from '../picture-document.ts';

/** Where in a PNG we say what its levels are. */
export const notesKeyword = 'samgpu';

/** What an object is beside its pixels. */
export type ObjectNote = Pick<ReadObject, 'name' | 'color' | 'visible' | 'opacity'>;

/** - `labels`: pixels are numbers of objects, from 1; - `alpha`: they are shares of one object */
export interface MaskPngNotes {
  readonly kind: 'labels' | 'alpha';
  readonly objects: readonly ObjectNote[];
}

export function writeMaskNotes(
  kind: MaskPngNotes['kind'],
  objects: readonly ObjectNote[],
): Record<string, string> {
  const notes = objects.map(({ name, color, visible, opacity = 1 }) => ({
    name,
    color: hexadecimalColor(color),
    visible,
    opacity,
  }));
  return { [notesKeyword]: JSON.stringify({ kind, objects: notes }) };
}

/** @returns undefined where there are none, or none that could be made sense of */
export function readMaskNotes(text: string | undefined): MaskPngNotes | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Notes are a help, the pixels are the content.
    return undefined;
  }
  const { kind, objects } = (value ?? {}) as { kind?: unknown; objects?: unknown };
  if ((kind !== 'labels' && kind !== 'alpha') || !Array.isArray(objects)) return undefined;
  return {
    kind,
    objects: (objects as readonly Partial<Record<string, unknown>>[]).map((note, i) => {
      const { name, color, visible, opacity } = note ?? {};
      return {
        name: typeof name === 'string' ? name : `Object ${i + 1}`,
        color: parseHexadecimalColor(String(color)) ?? [30, 144, 255],
        visible: visible !== false,
        ...(typeof opacity === 'number' && opacity >= 0 && opacity < 1 && { opacity }),
      };
    }),
  };
}
