import type { TrackingVariant } from '@samgpu/variant';
import { expect, test } from 'vitest';

import { ObjectMemory, type Outlook } from './object-memory.ts';
import { ObjectPasses } from './object-passes.ts';
import type { TrackingPrograms } from './tracking-programs.ts';

// Of SAM 2 at its own size. Grouping looks at nothing else of the model, and runs nothing.
const memory = { frames: 7, pointers: 16, pointerWidth: 256, cells: 4096, width: 64 };
const variant = { tracking: { memory } } as unknown as TrackingVariant;
const passes = new ObjectPasses({ variant, programs: {} as TrackingPrograms }, 0);
const outlook: Outlook = { frame: 50, reverse: false, count: 100, mostConditioning: Infinity };

function objects(count: number, conditioning: number): ObjectMemory[] {
  return Array.from({ length: count }, (_, id) => {
    const object = new ObjectMemory(id);
    for (let frame = 0; frame < conditioning; frame++) {
      object.settled.conditioning.set(frame, {
        logits: new Float32Array(1),
        pointer: new Float32Array(256),
        score: 1,
        objectScore: 1,
        memory: undefined,
      });
    }
    return object;
  });
}

test.each([
  { conditioning: 1, groups: [4, 4, 1] },
  { conditioning: 7, groups: [4, 4, 1] },
  // The keys of four objects with eight memories each are more than 128 MiB.
  { conditioning: 8, groups: [3, 3, 3] },
  { conditioning: 11, groups: [2, 2, 2, 2, 1] },
  { conditioning: 40, groups: [1, 1, 1, 1, 1, 1, 1, 1, 1] },
])('nine objects with $conditioning memories', ({ conditioning, groups }) => {
  const got = passes.groups(objects(9, conditioning), outlook).map((group) => group.length);
  expect(got).toEqual(groups);
});

test('no object is no group', () => {
  expect(passes.groups([], outlook)).toEqual([]);
});
