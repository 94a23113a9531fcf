import { describe, expect, test } from 'vitest';

import { checkWeightShapes, officialNames, VariantError, type WeightNaming } from './index.ts';

const weightNames: readonly WeightNaming[] = [
  { name: 'official', marks: ['encoder.weight'] },
  {
    name: 'theirs',
    marks: ['vision.weight', 'shared'],
    rename: (name) => ({ 'vision.weight': 'encoder.weight', shared: 'codes', copy: 'codes' })[name],
  },
];
const variant = { name: 'test', weightNames };

describe('officialNames', () => {
  test('takes official names as they are, with what else there is', () => {
    const names = officialNames(variant, ['encoder.weight', 'other']);
    expect([...names]).toEqual([
      ['encoder.weight', 'encoder.weight'],
      ['other', 'other'],
    ]);
  });

  test('renames, takes one of several copies and leaves out what is not used', () => {
    const names = officialNames(variant, ['copy', 'vision.weight', 'unused', 'shared']);
    expect([...names]).toEqual([
      ['codes', 'copy'],
      ['encoder.weight', 'vision.weight'],
    ]);
  });

  test('says which names it found and which it wanted', () => {
    const found = Array.from({ length: 9 }, (_, index) => `tensor.${index}`);
    expect(() => officialNames(variant, found)).toThrow(
      new VariantError(
        'unknown-weights',
        'these are not weights of test: got 9 tensors called tensor.0, tensor.1, tensor.2, tensor.3, …, ' +
          'wanted encoder.weight (official) or vision.weight, shared (theirs); take a checkpoint of this model',
      ),
    );
  });

  test('takes everything where a variant knows no naming', () => {
    expect([...officialNames({ name: 'test' }, ['a'])]).toEqual([['a', 'a']]);
  });
});

describe('checkWeightShapes', () => {
  const weightShapes = () => new Map([['a', [2, 3]]]);
  const check = (shape: number[] | undefined) => () =>
    checkWeightShapes(
      { name: 'test', weightShapes },
      new Map(shape === undefined ? [] : [['a', { shape, dtype: 'f32' as const }]]),
    );

  test('takes what fits, and leaves to tracing what is missing', () => {
    expect(check([2, 3])).not.toThrow();
    expect(check(undefined)).not.toThrow();
  });

  test('names what does not fit', () => {
    expect(check([3, 2])).toThrow(
      new VariantError(
        'wrong-weights',
        'tensor "a" has shape [3, 2], wanted [2, 3] for test; the checkpoint may be of another size of this model',
      ),
    );
  });
});
