import { styleText } from 'node:util';
import type { WriteStream } from 'node:tty';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'cyan';

/** Paints text where the stream is a terminal that shows colours; `NO_COLOR` is respected. */
export type Paint = (style: Style, text: string) => string;

export function paintFor(stream: NodeJS.WriteStream | WriteStream): Paint {
  // hasColors looks at NO_COLOR, FORCE_COLOR and TERM.
  const isColored = stream.isTTY && stream.hasColors();
  return (style, text) => (isColored ? styleText(style, text) : text);
}
