import { describe, expect, test } from 'vitest';
import { AxesError, mergeAxes } from './axes.ts';
import { groupLanes } from './lanes.ts';
import { broadcastView, denseView, viewExtent } from './view.ts';

describe('views', () => {
  test('dense ones have row-major strides', () => {
    expect(denseView([2, 3, 4], 5)).toEqual({ shape: [2, 3, 4], strides: [12, 4, 1], offset: 5 });
    expect(viewExtent(denseView([2, 3, 4], 5))).toBe(29);
  });

  test('broadcasting gives strides of 0', () => {
    expect(broadcastView(denseView([3, 1]), [2, 3, 4]).strides).toEqual([0, 1, 0]);
    expect(() => broadcastView(denseView([3, 2]), [3, 4])).toThrow(
      '[3, 2] does not broadcast to [3, 4]',
    );
  });

  test('axes merge where all views walk them as one', () => {
    const dense = denseView([2, 3, 4]);
    expect(mergeAxes([dense, dense]).sizes).toEqual([24]);
    const bias = broadcastView(denseView([4]), [2, 3, 4]);
    expect(mergeAxes([dense, bias])).toEqual({
      sizes: [4, 6],
      strides: [
        [1, 4],
        [1, 0],
      ],
    });
  });

  test('seven axes that do not merge are too many', () => {
    const shape = new Array<number>(7).fill(2);
    const reversed = { shape, strides: shape.map((_, axis) => 2 ** axis), offset: 0 };
    expect(() => mergeAxes([reversed])).toThrow(AxesError);
  });

  test('lanes need neighbours side by side and aligned, or all the same', () => {
    const dense = denseView([3, 8]);
    const column = broadcastView(denseView([3, 1], 1), [3, 8]);
    expect(groupLanes([dense, column])).toMatchObject({
      lanes: 4,
      widths: [4, 1],
      sizes: [2, 3],
      strides: [
        [1, 2],
        [0, 1],
      ],
      offsets: [0, 1],
      steps: 6,
    });
    expect(groupLanes([denseView([3, 8], 2)]).lanes).toBe(1);
    expect(groupLanes([denseView([3, 7])]).lanes).toBe(1);
  });
});
