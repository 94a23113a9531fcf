import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { findDuplicateKey } from './duplicate-keys.ts';

describe('findDuplicateKey', () => {
  test.each([
    ['{"a":1,"a":2}', { key: 'a', path: [] }],
    ['{"a":{"b":1,"c":2,"b":3}}', { key: 'b', path: ['a'] }],
    ['{"x":[{"y":{"k":1,"k":2}}]}', { key: 'k', path: ['x', 'y'] }],
    ['{"":1 , "" \n:2}', { key: '', path: [] }],
    ['{"\\"":1,"\\u0022":2}', { key: '"', path: [] }],
    ['{"__proto__":1,"__proto__":2}', { key: '__proto__', path: [] }],
    ['{"a":{"a":{"a":1}}}', undefined],
    ['{"a":"b","b":"a"}', undefined],
    ['{"a":["a","a","a"],"b":"a"}', undefined],
    ['[{"a":1},{"a":2}]', undefined],
    ['{"a":"\\\\","b":"{\\"a\\":1,\\"a\\":2}"}', undefined],
    ['"a"', undefined],
    ['[]', undefined],
  ])('in %s is %o', (json, expected) => {
    expect(findDuplicateKey(json)).toEqual(expected);
  });

  test('finds none in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.integer({ min: 0, max: 3 }), (json, space) => {
        const text = JSON.stringify(JSON.parse(json), undefined, space);
        expect(findDuplicateKey(text)).toBeUndefined();
      }),
    );
  });

  test('finds a member that was doubled anywhere', () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { minKeys: 1 });
    fc.assert(
      fc.property(members, fc.nat(), fc.boolean(), (object, pick, inArray) => {
        const entries = Object.entries(object);
        const doubled = entries.at(pick % entries.length) ?? ['', 0];
        const text = [...entries, doubled]
          .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
          .join(', ');
        const json = inArray ? `[0, {"outer": {${text}}}]` : `{${text}}`;
        expect(findDuplicateKey(json)).toEqual({
          key: doubled[0],
          path: inArray ? ['outer'] : [],
        });
      }),
    );
  });
});
