import { describe, expect, test } from 'vitest';

import { type AnswerMode, answerRule, answersTo, VariantError } from './index.ts';

const answers: readonly AnswerMode[] = [
  {
    name: 'plain',
    description: 'As SAM',
    single: { masks: [0] },
    multiple: { masks: [1, 2, 3] },
    all: { masks: [0, 1, 2, 3] },
  },
  {
    name: 'best',
    description: 'As HQ-SAM, whose last mask has no score of its own',
    single: { masks: [4], scores: [0] },
    multiple: { masks: [4, 4, 4], scores: [1, 2, 3], bestOnly: true },
  },
];
// answersTo looks at these two fields alone.
const variant = { name: 'test', masks: { answers } } as unknown as Parameters<typeof answersTo>[0];
const scores = Float32Array.of(0.5, 0.25, 0.75, 0.125);

describe('answersTo', () => {
  test.each([
    [undefined, [[0, 0.5]]],
    [
      { count: 'multiple' },
      [
        [1, 0.25],
        [2, 0.75],
        [3, 0.125],
      ],
    ],
    [
      { count: 'all', mode: 'plain' },
      [
        [0, 0.5],
        [1, 0.25],
        [2, 0.75],
        [3, 0.125],
      ],
    ],
    [{ mode: 'best' }, [[4, 0.5]]],
    [{ mode: 'best', count: 'multiple' }, [[4, 0.75]]],
  ] as const)('answers %j', (request, wanted) => {
    const got = answersTo(variant, scores, request).map(({ mask, score }) => [mask, score]);
    expect(got).toEqual(wanted);
  });

  test('takes the first of equal scores', () => {
    const [answer] = answersTo(variant, [0, 0.5, 0.5, 0.5], { mode: 'best', count: 'multiple' });
    expect(answer).toEqual({ mask: 4, score: 0.5 });
  });
});

test.each([
  [{ mode: 'other' }, 'test has no answers of the mode "other"; wanted one of "plain", "best"'],
  [{ mode: 'best', count: 'all' }, 'test cannot give all masks at once'],
] as const)('refuses %j', (request, message) => {
  expect(() => answerRule(variant, request)).toThrow(VariantError);
  expect(() => answerRule(variant, request)).toThrow(message);
});
