import { TokenLabel } from '@samgpu/variant';
import { describe, expect, test } from 'vitest';

import { promptTokens } from './prompt-encoder.ts';

const click = (x: number, y: number) => ({ x, y, label: 'include' }) as const;
const padding = { x: -1, y: -1, label: TokenLabel.padding };

describe('promptTokens', () => {
  test('puts the corners of a box first and lets one padding stand for those that are missing', () => {
    const box = { left: 1, top: 2, right: 30, bottom: 40 };
    expect(promptTokens({ points: [click(5, 6)], box })).toEqual([
      { x: 1, y: 2, label: TokenLabel.boxTopLeft },
      { x: 30, y: 40, label: TokenLabel.boxBottomRight },
      { x: 5, y: 6, label: TokenLabel.include },
      padding,
    ]);
  });

  test('needs no padding beside six', () => {
    const points = Array.from({ length: 6 }, (_, index) => click(index, 0));
    expect(promptTokens({ points }).map(({ label }) => label)).not.toContain(TokenLabel.padding);
  });

  test('cuts after six', () => {
    const points = Array.from({ length: 8 }, (_, index) => click(index, 0));
    expect(promptTokens({ points }).map(({ x }) => x)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('moves what lies left of or above the picture to where paddings lie', () => {
    const [token] = promptTokens({ points: [click(-0.25, 7)] });
    expect(token).toEqual({ x: -1, y: 7, label: TokenLabel.include });
  });
});
