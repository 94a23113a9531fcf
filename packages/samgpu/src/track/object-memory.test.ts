import type { MemorySizes } from '@samgpu/variant';
import { describe, expect, test } from 'vitest';

import type { FrameOutput } from './frame-output.ts';
import { ObjectMemory, type Outlook } from './object-memory.ts';

const sizes: MemorySizes = { frames: 7, pointers: 16, pointerWidth: 1, cells: 1, width: 1 };

/** An output whose pointer is its frame. */
function output(frame: number): FrameOutput {
  const pointer = Float32Array.of(frame);
  return { logits: new Float32Array(1), score: 1, objectScore: 1, pointer, memory: undefined };
}

function memory(conditioning: readonly number[], passing: readonly number[]): ObjectMemory {
  const object = new ObjectMemory(1);
  conditioning.forEach((frame) => object.settled.conditioning.set(frame, output(frame)));
  passing.forEach((frame) => object.settled.passing.set(frame, output(frame)));
  return object;
}

function outlook(frame: number, rest: Partial<Outlook> = {}): Outlook {
  return { frame, reverse: false, count: 100, mostConditioning: Infinity, ...rest };
}

const recalled = (object: ObjectMemory, from: Outlook): [frame: number, age: number][] =>
  object.recollections(from, sizes).map(({ output, age }) => [output.pointer[0]!, age]);
const pointed = (object: ObjectMemory, from: Outlook): [frame: number, distance: number][] =>
  object.pointers(from, sizes).map(({ pointer, distance }) => [pointer[0]!, distance]);

describe('ObjectMemory looks at', () => {
  test('conditioning frames, then the six frames before', () => {
    const object = memory([0, 30], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(recalled(object, outlook(10))).toEqual([
      [0, 6],
      [30, 6],
      [4, 5],
      [5, 4],
      [6, 3],
      [7, 2],
      [8, 1],
      [9, 0],
    ]);
  });

  test('the six frames after, in reverse', () => {
    const object = memory([20], [13, 12, 11, 17]);
    expect(recalled(object, outlook(10, { reverse: true }))).toEqual([
      [20, 6],
      [13, 2],
      [12, 1],
      [11, 0],
    ]);
  });

  test('a conditioning frame that was not chosen as any other', () => {
    const object = memory([0, 7, 9], [8]);
    expect(recalled(object, outlook(10, { mostConditioning: 2 }))).toEqual([
      [9, 6],
      [7, 6],
      [8, 1],
    ]);
    const many = memory([9, 8, 7], []);
    expect(recalled(many, outlook(10, { mostConditioning: 2 }))).toEqual([
      [9, 6],
      [8, 6],
      [7, 2],
    ]);
  });

  test('pointers of the past only, up to fifteen frames back', () => {
    const object = memory(
      [0, 30],
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
    const got = pointed(object, outlook(20));
    expect(got[0]).toEqual([0, 20]);
    expect(got.slice(1).map(([frame]) => frame)).toEqual(
      Array.from({ length: 15 }, (_, index) => 19 - index),
    );
  });

  test('fewer pointers in a short clip, and distances that grow in its direction', () => {
    const object = memory([4], [5, 3, 2]);
    expect(pointed(object, outlook(1, { reverse: true, count: 3 }))).toEqual([
      [4, 3],
      [2, 1],
    ]);
  });
});

test('ObjectMemory forgets what is far, but not what was given', () => {
  const object = memory([0], [1, 2, 50, 99]);
  for (const frame of [0, 1, 50]) object.tracked.set(frame, { reverse: false });
  object.forget(60, 20);
  expect([...object.settled.passing.keys()]).toEqual([50]);
  expect([...object.settled.conditioning.keys()]).toEqual([0]);
  expect([...object.tracked.keys()]).toEqual([0, 50]);
});
