import type { SessionPrompt } from '@samgpu/session';

import type { Position } from '../view/view.ts';

/** The `d` of a prompt's line in pixels of the picture; undefined for those that have none. */
export function lineOf(prompt: SessionPrompt): string | undefined {
  switch (prompt.kind) {
    case 'box': {
      const { x, y, width, height } = prompt.box;
      return boxPath({ x, y }, { x: x + width, y: y + height });
    }
    case 'lasso':
      return `${pathData(prompt.path)}Z`;
    case 'scribble':
      return pathData(prompt.path);
    default:
      return undefined;
  }
}

export function boxPath(from: Position, to: Position): string {
  return `M${from.x} ${from.y}H${to.x}V${to.y}H${from.x}Z`;
}

/** A line through positions; one alone is a dot. */
export function pathData(path: readonly Position[]): string {
  const [first, ...others] = path.map(({ x, y }) => `${hundredths(x)} ${hundredths(y)}`);
  const rest = others.length === 0 ? [first] : others;
  return `M${first}${rest.map((at) => `L${at}`).join('')}`;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
