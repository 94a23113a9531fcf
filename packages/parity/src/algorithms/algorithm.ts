import { type Bitmap, type BoxCorners, type Box, bitmapFrom } from '@samgpu/mask';
import { unpackBits } from '@samgpu/testing';

import { compared, type StageList } from '../core/stage-list.ts';

export type Json = Readonly<Record<string, unknown>>;

/** One function of the official code. */
export interface Algorithm {
  readonly name: string;
  /** What each of its cases has, and those of no other function before it in the list. */
  readonly fields: readonly string[];
  readonly check: (json: Json, stages: StageList) => void | Promise<void>;
}

/** An algorithm whose file is a list of cases, each checked by itself. */
export function eachCase(
  name: string,
  fields: readonly string[],
  check: (item: never, at: string, stages: StageList) => void,
): Algorithm {
  return {
    name,
    fields,
    check({ cases }, stages) {
      (cases as readonly never[]).forEach((item, index) => {
        const at = `${name}[${index}]`;
        try {
          check(item, at, stages);
        } catch (error) {
          stages.fail(at, error instanceof Error ? error.message : String(error));
        }
      });
    },
  };
}

/** Numbers that must agree exactly, in any nesting. */
export function exactly(
  stages: StageList,
  name: string,
  actual: readonly unknown[],
  expected: readonly unknown[],
): void {
  const flat = (values: readonly unknown[]): number[] => values.flat(Infinity).map(Number);
  const [got, wanted] = [flat(actual), flat(expected)];
  stages.add(compared(name, [wanted.length], got, wanted, { maxAbs: 0 }));
}

/** Text, such as a hash, that must agree. */
export function sameText(stages: StageList, name: string, actual: string, expected: string): void {
  const differs = actual !== expected;
  stages.add({
    name,
    shape: [],
    maxAbs: differs ? 1 : 0,
    limit: 0,
    pass: !differs,
    ...(differs && { error: `got ${actual}, wanted ${expected}` }),
  });
}

export interface PackedMask {
  readonly shape: readonly number[];
  /** Base64 of bits, row by row, least significant first. */
  readonly bits: string;
}

/** Masks of `[..., height, width]` as one bitmap each. */
export function unpack({ shape, bits }: PackedMask): Bitmap[] {
  const [height, width] = shape.slice(-2) as [number, number];
  const pixels = height * width;
  const count = shape.slice(0, -2).reduce((product, side) => product * side, 1);
  const all = unpackBits(Buffer.from(bits, 'base64'), count * pixels);
  return Array.from({ length: count }, (_, mask) =>
    bitmapFrom(all.subarray(mask * pixels, (mask + 1) * pixels), width, height),
  );
}

export function boxOf([left, top, right, bottom]: BoxCorners): Box {
  return { x: left, y: top, width: right - left, height: bottom - top };
}
