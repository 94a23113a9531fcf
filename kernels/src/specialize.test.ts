import { describe, expect, test } from 'vitest';
import { specialize, SpecializeError, spreadWorkgroups } from './specialize.ts';

const source = `// A shader.
alias Element = f32;
alias Pair = vec2<f32>;
const ROWS = 4u; // per invocation
const SHIFT: i32 = -3;
const SIZE = ROWS * 2u;
override WIDTH: u32;
`;

describe('specialize', () => {
  test('changes the lines that it is told to, and nothing else', () => {
    expect(specialize(source, { constants: { ROWS: 8 } })).toBe(
      source.replace('ROWS = 4u', 'ROWS = 8u'),
    );
  });

  test('keeps the type of a typed constant', () => {
    expect(specialize(source, { constants: { SHIFT: 5 } })).toContain('const SHIFT: i32 = 5;');
  });

  test.each(['f16', 'vec2<f16>', 'vec4h'])('enables half floats for %s', (type) => {
    const result = specialize(source, { types: { Element: type } });
    expect(result).toBe(`enable f16;\n${source.replace('Element = f32', `Element = ${type}`)}`);
  });

  test('does not enable half floats for anything else', () => {
    expect(specialize(source, { types: { Element: 'u32' } })).not.toContain('enable');
  });

  test.each([
    { constants: { ROW: 1 } },
    { constants: { WIDTH: 1 } }, // an override, which the pipeline sets
    { types: { Elem: 'f16' } },
  ])('refuses a name that the shader does not have: %o', (specialization) => {
    expect(() => specialize(source, specialization)).toThrow(SpecializeError);
  });
});

describe('spreadWorkgroups', () => {
  test.each([
    [1, [1, 1, 1]],
    [65_535, [65_535, 1, 1]],
    [65_536, [32_768, 2, 1]],
    [200_001, [50_001, 4, 1]],
  ])('spreads %i', (count, expected) => {
    const [x, y, z] = spreadWorkgroups(count, 65_535);
    expect([x, y, z]).toEqual(expected);
    expect(x * y * z).toBeGreaterThanOrEqual(count);
  });
});
