import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { BUFFER_USAGE, MAP_READ, TEXTURE_USAGE } from '../device/gpu-constants.ts';
import { OverlayPainter, type OverlayPainting, type PaintedShape } from './overlay-painter.ts';

const gpu = await openTestDevice();
const [WIDTH, HEIGHT] = [64, 48];

/** A box in a picture of 40 x 30. */
function box(left: number, top: number, right: number, bottom: number): Uint8Array {
  return Uint8Array.from({ length: 40 * 30 }, (_, at) => {
    const [x, y] = [at % 40, Math.floor(at / 40)];
    return x >= left && x < right && y >= top && y < bottom ? 1 : 0;
  });
}

function target(format: GPUTextureFormat): GPUTexture {
  const usage = TEXTURE_USAGE.copySource | TEXTURE_USAGE.renderAttachment;
  return gpu!.device.createTexture({ size: [WIDTH, HEIGHT], format, usage });
}

/** `[red, green, blue, alpha]` of a place. */
async function read(texture: GPUTexture): Promise<(x: number, y: number) => number[]> {
  const { device } = gpu!;
  const bytesPerRow = 256;
  const usage = BUFFER_USAGE.mapRead | BUFFER_USAGE.copyDestination;
  const buffer = device.createBuffer({ size: bytesPerRow * HEIGHT, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [WIDTH, HEIGHT]);
  device.queue.submit([encoder.finish()]);
  await buffer.mapAsync(MAP_READ);
  const bytes = new Uint8Array(buffer.getMappedRange());
  return (x, y) => {
    const [first, green, third, alpha] = bytes.subarray(y * bytesPerRow + x * 4);
    return texture.format.startsWith('bgra')
      ? [third!, green!, first!, alpha!]
      : [first!, green!, third!, alpha!];
  };
}

const halo = { haloColor: [0, 0, 0, 1], haloWidth: 1 } as const;

describe.skipIf(gpu === undefined)(`overlays${missingDevice()}`, () => {
  test.each(['rgba8unorm', 'bgra8unorm'] as const)('of two masks on %s', async (format) => {
    const painter = new OverlayPainter(gpu!.device);
    const [below, above] = [
      painter.upload({ width: 40, height: 30, data: box(4, 4, 20, 20) }),
      painter.upload({ width: 40, height: 30, data: box(12, 12, 36, 28) }),
    ];
    const painting: OverlayPainting = {
      matrix: [1.5, 0, 0, 1.5, 2, 1],
      shapes: [
        {
          bits: above,
          tint: [0, 1, 0, 0.5],
          line: {
            ...halo,
            color: [1, 1, 1, 1],
            width: 2,
            dashes: { gapColor: [0, 0, 0, 1], length: 4 },
          },
        },
        { bits: below, tint: [1, 0, 0, 1], line: { ...halo, color: [1, 1, 0, 1], width: 2 } },
      ],
    };
    const texture = target(format);
    painter.paint(texture, painting);
    const at = await read(texture);
    expect(at(60, 2)).toEqual([0, 0, 0, 0]); // Neither.
    expect(at(14, 14)).toEqual([255, 0, 0, 255]); // The lower one's tint.
    expect(at(45, 30)).toEqual([0, 128, 0, 128]); // The upper one's, premultiplied.
    // What marches lies above what stands still. A half may be rounded either way.
    const [red, ...others] = at(28, 28);
    expect(others).toEqual([128, 0, 255]);
    expect(red).toBeGreaterThanOrEqual(127);
    expect(red).toBeLessThanOrEqual(128);
    expect(at(8, 16)).toEqual([255, 255, 0, 255]); // The lower one's line.

    // Dashes march by as much as they are long, and what was white is black.
    const whites = (at: (x: number, y: number) => number[]): number[] =>
      Array.from({ length: 20 }, (_, i) => at(30 + i, 43)[0]!);
    const before = whites(at);
    painter.paint(texture, painting, 4);
    const after = await read(texture);
    expect(whites(after)).toEqual(before.map((level) => 255 - level));
    expect(Math.max(...before) - Math.min(...before)).toBe(255);
    expect(after(14, 14)).toEqual([255, 0, 0, 255]);
    painter.dispose();
    below.dispose();
    above.dispose();
  });

  test.each([
    ['a line', undefined],
    ['dashes', { gapColor: [0, 0, 1, 1], length: 4 }],
  ] as const)('%s where the picture ends with the target', async (_, dashes) => {
    const painter = new OverlayPainter(gpu!.device);
    const bits = painter.upload({ width: 40, height: 30, data: box(0, 0, 40, 30) });
    const line = { ...halo, color: [1, 0, 0, 1], width: 4, ...(dashes && { dashes }) } as const;
    const texture = target('rgba8unorm');
    // 64 x 48: the picture's right and bottom edges lie on those of the target.
    const matrix = [1.6, 0, 0, 1.6, 0, 0] as const;
    painter.paint(texture, { matrix, shapes: [{ bits, tint: [0, 1, 0, 1], line }] });
    const at = await read(texture);
    const isLine = ([red, green, blue]: number[]): boolean => red! + blue! > 200 && green! < 60;
    const along = (place: (i: number) => [number, number], count: number): number =>
      Array.from({ length: count }, (_, i) => at(...place(i))).filter(isLine).length;
    expect([
      along((x) => [x, 0], WIDTH),
      along((x) => [x, HEIGHT - 1], WIDTH),
      along((y) => [0, y], HEIGHT),
      along((y) => [WIDTH - 1, y], HEIGHT),
    ]).toEqual([WIDTH, WIDTH, HEIGHT, HEIGHT]);
    // Half of the line and the halo are seen, and then the tint.
    expect(at(30, 2)).toEqual([0, 0, 0, 255]);
    expect(at(30, 4)).toEqual([0, 255, 0, 255]);
    painter.dispose();
    bits.dispose();
  });

  test('a painting of another size, and one without masks', async () => {
    const painter = new OverlayPainter(gpu!.device);
    const bits = painter.upload({ width: 40, height: 30, data: box(0, 0, 40, 30) });
    const shape: PaintedShape = { bits, tint: [1, 1, 1, 1], opacity: 0.5 };
    const texture = target('rgba8unorm');
    painter.paint(texture, { matrix: [1, 0, 0, 1, 0, 0], shapes: [shape] });
    const at = await read(texture);
    expect([at(20, 20), at(50, 20)]).toEqual([
      [128, 128, 128, 128],
      [0, 0, 0, 0],
    ]);
    painter.paint(texture, { matrix: [2, 0, 0, 2, 0, 0], shapes: [shape] });
    expect((await read(texture))(50, 20)).toEqual([128, 128, 128, 128]);
    painter.paint(texture, { matrix: [2, 0, 0, 2, 0, 0], shapes: [] });
    expect((await read(texture))(50, 20)).toEqual([0, 0, 0, 0]);
    painter.dispose();
    bits.dispose();
  });
});
