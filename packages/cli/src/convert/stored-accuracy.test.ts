import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { modelNames } from '../models/registry.ts';
import { readAccuracyTable } from './stored-accuracy.ts';

test('the README has the figures that are stored', () => {
  const table = readAccuracyTable();
  const rows = modelNames.flatMap((model) => {
    const { f16, int8 } = table[model] ?? {};
    if (f16 === undefined || int8 === undefined) return [];
    const figures = [f16, int8].flatMap(({ meanIou, smallestIou }) => [meanIou, smallestIou]);
    return [[model, int8.weights, int8.masks, ...figures.map((value) => value.toFixed(4))]];
  });
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const found = [...readme.matchAll(/^\| `([\w.-]+)` +\| (formula|trained) +\|(.*)\|$/gm)].map(
    ([, model, weights, rest = '']) => {
      const [masks, ...figures] = rest.split('|').map((cell) => cell.trim());
      return [model, weights, Number(masks), ...figures];
    },
  );
  expect(found).toEqual(rows);
});
