// The `d` of a path (SVG 2, section 9.3), as the corners of straight lines.

import type { Ring, Vertex } from '@samgpu/mask';

import { DocumentError } from '../document-error.ts';
import type { Budget } from '../limits.ts';
import { arcPoints, cubicPoints, quadraticPoints } from './curves.ts';

/** Numbers that follow a command, by its letter. */
const parameters: Readonly<Record<string, number>> = {
  M: 2,
  L: 2,
  H: 1,
  V: 1,
  C: 6,
  S: 4,
  Q: 4,
  T: 2,
  A: 7,
  Z: 0,
};

/**
 * The rings of a path. One that is not closed counts as closed, as it does where it is filled.
 *
 * @param scale - pixels per unit, for how finely curves are cut
 * @param budget - of corners
 * @throws DocumentError `damaged` or `too-large`
 */
export function parsePathData(text: string, scale: number, budget: Budget): Ring[] {
  const reader = new PathReader(text);
  const rings: Vertex[][] = [];
  let ring: Vertex[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  /** The last control point, which smooth curves mirror, and of which kind of curve it is. */
  let control: { x: number; y: number; kind: 'C' | 'Q' } | undefined;
  const add = (points: readonly Vertex[]): void => {
    budget.take(points.length);
    // After a closed ring drawing goes on from where that began.
    if (ring.length === 0) ring.push([x, y]);
    for (const point of points) ring.push(point);
    [x, y] = points.at(-1)!;
  };
  const close = (): void => {
    if (ring.length > 1) rings.push(ring);
    ring = [];
  };
  let command = reader.command();
  if (command !== undefined && command.toUpperCase() !== 'M') {
    throw new DocumentError('damaged', `A path begins with ${command}; wanted M.`);
  }
  while (command !== undefined) {
    const letter = command.toUpperCase();
    const isRelative = letter !== command;
    const [baseX, baseY] = isRelative ? [x, y] : [0, 0];
    const numbers = reader.numbers(command, parameters[letter]!);
    const [a, b, c, d, e, f, g] = numbers as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    let mirrored: typeof control;
    switch (letter) {
      case 'M':
        close();
        [x, y] = [baseX + a, baseY + b];
        [startX, startY] = [x, y];
        ring = [[x, y]];
        break;
      case 'L':
        add([[baseX + a, baseY + b]]);
        break;
      case 'H':
        add([[baseX + a, y]]);
        break;
      case 'V':
        add([[x, baseY + a]]);
        break;
      case 'C': {
        const points = [baseX + a, baseY + b, baseX + c, baseY + d, baseX + e, baseY + f] as const;
        mirrored = { x: points[2], y: points[3], kind: 'C' };
        add(cubicPoints([x, y], points, scale));
        break;
      }
      case 'S': {
        const [firstX, firstY] = mirror(x, y, control?.kind === 'C' ? control : undefined);
        const points = [firstX, firstY, baseX + a, baseY + b, baseX + c, baseY + d] as const;
        mirrored = { x: points[2], y: points[3], kind: 'C' };
        add(cubicPoints([x, y], points, scale));
        break;
      }
      case 'Q':
        mirrored = { x: baseX + a, y: baseY + b, kind: 'Q' };
        add(quadraticPoints([x, y], [mirrored.x, mirrored.y, baseX + c, baseY + d], scale));
        break;
      case 'T': {
        const [firstX, firstY] = mirror(x, y, control?.kind === 'Q' ? control : undefined);
        mirrored = { x: firstX, y: firstY, kind: 'Q' };
        add(quadraticPoints([x, y], [firstX, firstY, baseX + a, baseY + b], scale));
        break;
      }
      case 'A':
        add(
          arcPoints(
            [x, y],
            { radiusX: a, radiusY: b, rotation: c, isLarge: d === 1, isSweep: e === 1 },
            [baseX + f, baseY + g],
            scale,
          ),
        );
        break;
      case 'Z':
        close();
        [x, y] = [startX, startY];
        break;
    }
    control = mirrored;
    command = reader.next(command);
  }
  close();
  return rings;
}

function mirror(
  x: number,
  y: number,
  control: { readonly x: number; readonly y: number } | undefined,
): [number, number] {
  return control === undefined ? [x, y] : [2 * x - control.x, 2 * y - control.y];
}

class PathReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The letter that comes next; undefined at the end. */
  command(): string | undefined {
    this.#skipSeparators();
    const letter = this.#text[this.#at];
    if (letter === undefined) return undefined;
    if (parameters[letter.toUpperCase()] === undefined) throw this.#error();
    this.#at += 1;
    return letter;
  }

  /** The command after another one: the same again where numbers follow without a letter. */
  next(previous: string): string | undefined {
    this.#skipSeparators();
    const character = this.#text[this.#at];
    if (character === undefined || !/[-+.0-9]/.test(character)) return this.command();
    if (previous === 'z' || previous === 'Z') throw this.#error();
    if (previous === 'M') return 'L';
    return previous === 'm' ? 'l' : previous;
  }

  numbers(command: string, count: number): number[] {
    const isArc = command === 'a' || command === 'A';
    return Array.from({ length: count }, (_, i) =>
      // The two flags of an arc may stand without anything between them.
      isArc && (i === 3 || i === 4) ? this.#flag() : this.#number(),
    );
  }

  #number(): number {
    this.#skipSeparators();
    const pattern = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0];
    if (text === undefined) throw this.#error();
    this.#at += text.length;
    const value = Number(text);
    if (!Number.isFinite(value)) throw this.#error();
    return value;
  }

  #flag(): number {
    this.#skipSeparators();
    const character = this.#text[this.#at];
    if (character !== '0' && character !== '1') throw this.#error();
    this.#at += 1;
    return Number(character);
  }

  #skipSeparators(): void {
    while (/[\s,]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #error(): DocumentError {
    const found = JSON.stringify(this.#text.slice(this.#at, this.#at + 20));
    return new DocumentError(
      'damaged',
      `A path has ${found} at character ${this.#at}, where a command or a number must be.`,
    );
  }
}
