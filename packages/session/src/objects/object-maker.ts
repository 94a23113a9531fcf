import { type AlphaMask, distinctColors, Mask, type RgbColor } from '@samgpu/mask';

import type { SessionObject } from './session-object.ts';

/** What a new object is made of. */
export interface NamedMask {
  readonly mask: Mask;
  readonly alpha?: AlphaMask;
  /** @defaultValue the next number */
  readonly name?: string;
  /** @defaultValue one that is easy to tell from the others */
  readonly color?: RgbColor;
}

/** What tells an object from the others. */
interface Identity {
  readonly id: string;
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly color: RgbColor;
  readonly visible: boolean;
}

/** Gives ids, names and colours away. */
export class ObjectMaker {
  readonly #nameOf: (number: number) => string;
  #ids = 0;
  #objects = 0;

  constructor(nameOf: (number: number) => string = (number) => `Object ${number}`) {
    this.#nameOf = nameOf;
  }

  /** How many were given away, for `continueFrom`. */
  get counts(): { readonly ids: number; readonly objects: number } {
    return { ids: this.#ids, objects: this.#objects };
  }

  continueFrom({ ids, objects }: { readonly ids: number; readonly objects: number }): void {
    this.#ids = ids;
    this.#objects = objects;
  }

  id(kind: 'p' | 'o'): string {
    this.#ids += 1;
    return `${kind}${this.#ids}`;
  }

  /** A new object, before there is a mask of it. */
  identify({ name, color }: Pick<NamedMask, 'name' | 'color'>): Identity {
    this.#objects += 1;
    const number = this.#objects;
    return {
      id: this.id('o'),
      number,
      name: name ?? this.#nameOf(number),
      color: color ?? distinctColors(number).at(-1)!,
      visible: true,
    };
  }

  make({ mask, alpha, ...named }: NamedMask): SessionObject {
    const { number: _, ...identity } = this.identify(named);
    return { ...identity, mask: compact(mask), ...(alpha && { alpha }) };
  }
}

/** The mask as run lengths, which take little memory, without what only a model needs. */
export function compact(mask: Mask): Mask {
  return Mask.fromRle(mask.toRle(), { score: mask.score, stability: mask.stability });
}
