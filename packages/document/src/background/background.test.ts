import { bitmapFrom, Mask, type PixelSource, type RgbaImage } from '@samgpu/mask';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import {
  discMatte,
  maskWhere,
  sampleDocument,
  samplePicture,
} from '../fixtures/sample-document.ts';
import { ObjectPixels } from '../object-pixels.ts';
import type { Background, PictureDocument } from '../picture-document.ts';
import { composeDocument, renderBackground } from './compose-document.ts';
import { previewDocument, scaleDocument } from './scale-document.ts';

function pixelAt({ width, data }: RgbaImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

function plain(width: number, height: number, color: readonly number[]): PixelSource {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([...color, 255], at);
  return { width, height, data };
}

describe('what shows where', () => {
  const [width, height] = [40, 30];
  const image = samplePicture(width, height);
  const disc = discMatte(width, height, { x: 20, y: 15, radius: 8, edge: 4 }, [250, 200, 30]);
  const object = { id: '1', name: 'Disc', color: [1, 2, 3], visible: true, ...disc } as const;
  const document: PictureDocument = { name: 'disc', image, objects: [object] };
  const inside = (x: number, y: number): number => disc.matte.alpha[y * width + x]!;

  test('a colour: the object’s own colours over it, in the share that it has', async () => {
    const color = [10, 60, 200] as const;
    const shown = await composeDocument({ ...document, background: { kind: 'color', color } });
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const share = inside(x, y) / 255;
        const [red, green, blue, alpha] = pixelAt(shown, x, y);
        expect(alpha).toBe(255);
        const wanted = [250, 200, 30].map((own, i) => own * share + color[i]! * (1 - share));
        // Two roundings of half a level.
        for (const [i, value] of [red, green, blue].entries()) {
          expect(Math.abs(value! - wanted[i]!)).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  test('transparency: straight alpha, and the object’s own colours', async () => {
    const shown = await composeDocument({ ...document, background: { kind: 'transparent' } });
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const alpha = inside(x, y);
        expect(pixelAt(shown, x, y)).toEqual(alpha === 0 ? [0, 0, 0, 0] : [250, 200, 30, alpha]);
      }
    }
  });

  test('the picture itself', async () => {
    expect([...(await composeDocument(document)).data]).toEqual([...image.data]);
  });

  test('opacity, hidden objects, and upper over lower ones', async () => {
    const all = maskWhere(width, height, () => true);
    const [red, green] = [plain(width, height, [200, 0, 0]), plain(width, height, [0, 200, 0])];
    const foreground =
      ({ data }: PixelSource) =>
      () =>
        ({ width, height, data, colorSpace: 'srgb' }) as RgbaImage;
    const alpha = new Uint8Array(width * height).fill(255);
    const colored = (id: string, source: PixelSource): PictureDocument['objects'][number] => ({
      ...object,
      id,
      mask: all,
      matte: { width, height, alpha, foreground: foreground(source) },
    });
    const shown = await composeDocument({
      ...document,
      objects: [
        colored('1', red),
        { ...colored('2', green), opacity: 0.25 },
        { ...colored('3', green), visible: false },
      ],
      background: { kind: 'color', color: [0, 0, 255] },
    });
    expect(pixelAt(shown, 5, 5)).toEqual([150, 50, 0, 255]);
  });

  test.each([
    ['cover', 90, 30],
    ['cover', 20, 60],
    ['contain', 90, 30],
    ['contain', 20, 60],
    ['cover', 7, 5],
  ] as const)('a picture, %s, %i x %i', async (fit, w, h) => {
    // Colours that change slowly, so that filters of different kinds agree.
    const data = new Uint8ClampedArray(w * h * 4).fill(255);
    for (let i = 0; i < w * h; i++) {
      data.set([40 + (170 * (i % w)) / w, 40 + (170 * Math.floor(i / w)) / h, 100], 4 * i);
    }
    const picture = { width: w, height: h, data };
    const background: Background = { kind: 'picture', picture, fit, color: [7, 8, 9] };
    const shown = await renderBackground({ image, objects: [], background });
    const expected = await sharp(data, { raw: { width: w, height: h, channels: 4 } })
      .resize(width, height, { fit, background: { r: 7, g: 8, b: 9, alpha: 1 }, kernel: 'linear' })
      .raw()
      .toBuffer();
    const differences = [...shown.data].map((value, i) => Math.abs(value - expected[i]!));
    const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
    // sharp rounds sizes and offsets to whole pixels, which moves edges of a contained picture by one.
    expect(mean).toBeLessThan(fit === 'cover' ? 1.5 : 5);
  });
});

describe('blur', () => {
  /** By its definition, in float64: each pixel the average of all, weighted by distance and by what is no object's. */
  function reference(image: PixelSource, removed: Float64Array, radius: number): Float64Array {
    const { width, height, data } = image;
    const result = new Float64Array(width * height * 3);
    const reach = Math.ceil(4 * radius);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const sums = [0, 0, 0];
        let total = 0;
        for (let dy = -reach; dy <= reach; dy++) {
          for (let dx = -reach; dx <= reach; dx++) {
            const [fromX, fromY] = [x + dx, y + dy];
            if (fromX < 0 || fromY < 0 || fromX >= width || fromY >= height) continue;
            const at = fromY * width + fromX;
            const weight =
              Math.exp(-(dx * dx + dy * dy) / (2 * radius * radius)) * (1 - removed[at]!);
            for (let channel = 0; channel < 3; channel++)
              sums[channel]! += data[4 * at + channel]! * weight;
            total += weight;
          }
        }
        for (let channel = 0; channel < 3; channel++) {
          result[3 * (y * width + x) + channel] =
            total > 1e-6 ? sums[channel]! / total : Number.NaN;
        }
      }
    }
    return result;
  }

  const [width, height] = [72, 54];
  const image = samplePicture(width, height);

  test.each([
    // In full: rounding, and the tail of the curve beyond three deviations.
    [0.7, 0.3, 1],
    [1.5, 0.3, 1],
    [2.9, 0.3, 1],
    // From radius 3 on of a smaller picture: cells at borders are averages of a part of them. This
    // picture jumps from black to white all over, where photographs are smooth.
    [3, 1.5, 25],
    [5, 1.5, 25],
    [8, 1.5, 25],
    [12, 1.5, 25],
  ])('of radius %f', async (radius, meanTolerance, largestTolerance) => {
    const hole = maskWhere(width, height, (x, y) => Math.hypot(x - 30, y - 25) < 7);
    const objects = [{ id: '1', name: '', color: [0, 0, 0], visible: true, mask: hole }] as const;
    const background: Background = { kind: 'blur', radius };
    const shown = await renderBackground({ image, objects, background });
    // One pixel around the object is taken out with it.
    const grown = Float64Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) if (hole.contains(x + dx, y + dy)) return 1;
      }
      return 0;
    });
    const expected = reference(image, grown, radius);
    let [sum, count, largest] = [0, 0, 0];
    for (let i = 0; i < width * height; i++) {
      if (grown[i] === 1) continue;
      for (let channel = 0; channel < 3; channel++) {
        const difference = Math.abs(shown.data[4 * i + channel]! - expected[3 * i + channel]!);
        sum += difference;
        count += 1;
        largest = Math.max(largest, difference);
      }
    }
    expect(sum / count).toBeLessThan(meanTolerance);
    expect(largest).toBeLessThanOrEqual(largestTolerance);
  });

  test.each([2, 6, 25, 100])(
    'of radius %i lets nothing of the object around it',
    async (radius) => {
      const grey = plain(120, 90, [100, 100, 100]);
      const red = maskWhere(120, 90, (x, y) => Math.hypot(x - 60, y - 45) < 30);
      const data = Uint8ClampedArray.from(grey.data);
      for (let i = 0; i < red.data.length; i++) if (red.data[i] === 1) data.set([255, 0, 0], 4 * i);
      const objects = [{ id: '1', name: '', color: [0, 0, 0], visible: true, mask: red }] as const;
      const background: Background = { kind: 'blur', radius };
      const shown = await renderBackground({ image: { ...grey, data }, objects, background });
      // Of a grey picture nothing but grey is left, even where the object was.
      expect(new Set(shown.data)).toEqual(new Set([100, 255]));
    },
  );

  test('takes out what is only a part of a pixel in proportion, and a fringe beyond the mask', async () => {
    const [w, h] = [1600, 900];
    const picture = plain(w, h, [100, 100, 100]);
    const data = Uint8ClampedArray.from(picture.data);
    // The object is a pixel wider than its mask.
    const mask = maskWhere(w, h, (x, y) => x >= 700 && x < 900 && y >= 300 && y < 600);
    for (let y = 299; y < 601; y++) {
      for (let x = 699; x < 901; x++) data.set([255, 0, 0], 4 * (y * w + x));
    }
    const objects = [{ id: '1', name: '', color: [0, 0, 0], visible: true, mask }] as const;
    const background: Background = { kind: 'blur', radius: 10 };
    const shown = await renderBackground({ image: { ...picture, data }, objects, background });
    expect(new Set(shown.data)).toEqual(new Set([100, 255]));
  });

  test('of a picture that is all object', async () => {
    const objects = [
      {
        id: '1',
        name: '',
        color: [0, 0, 0],
        visible: true,
        mask: maskWhere(width, height, () => true),
      },
    ] as const;
    const shown = await renderBackground({
      image,
      objects,
      background: { kind: 'blur', radius: 9 },
    });
    expect(pixelAt(shown, 9, 9)).toEqual([128, 128, 128, 255]);
  });

  test('keeps the shape of a picture with transparency', async () => {
    const data = Uint8ClampedArray.from(image.data, (value, i) =>
      i % 4 === 3 ? ((i >> 2) % width < 20 ? 0 : 255) : value,
    );
    const background: Background = { kind: 'blur', radius: 4 };
    const shown = await renderBackground({
      image: { width, height, data },
      objects: [],
      background,
    });
    expect([...shown.data].filter((_, i) => i % 4 === 3)).toEqual(
      [...data].filter((_, i) => i % 4 === 3),
    );
  });

  test.each([-1, Number.NaN, 1e6])('of radius %f is refused', async (radius) => {
    const background: Background = { kind: 'blur', radius };
    await expect(renderBackground({ image, objects: [], background })).rejects.toMatchObject({
      code: 'invalid-option',
    });
  });
});

describe('previews', () => {
  const document = sampleDocument({ width: 610, height: 470 });
  const smooth: PictureDocument = {
    ...document,
    image: {
      ...document.image,
      data: Uint8ClampedArray.from(document.image.data, (value, i) => {
        const [x, y] = [(i >> 2) % 610, Math.floor((i >> 2) / 610)];
        return i % 4 === 3
          ? 255
          : i % 4 === 0
            ? (x * 255) / 610
            : i % 4 === 1
              ? (y * 255) / 470
              : value / 4;
      }),
    },
  };

  test.each<Background>([
    { kind: 'original' },
    { kind: 'color', color: [0, 90, 0] },
    { kind: 'blur', radius: 20 },
    { kind: 'picture', picture: samplePicture(30, 20), fit: 'cover' },
    { kind: 'transparent' },
  ])('show what the whole picture will, with $kind', async (background) => {
    const whole = await composeDocument({ ...smooth, background });
    const shrunk = scaleDocument({ name: '', image: whole, objects: [] }, 100).image;
    const preview = await composeDocument(scaleDocument({ ...smooth, background }, 100));
    expect([preview.width, preview.height]).toEqual([shrunk.width, shrunk.height]);
    let sum = 0;
    for (let i = 0; i < preview.data.length; i++) {
      const at = i - (i % 4) + 3;
      const [a, b] = i % 4 === 3 ? [1, 1] : [preview.data[at]! / 255, shrunk.data[at]! / 255];
      sum += Math.abs(preview.data[i]! * a - shrunk.data[i]! * b);
    }
    // Edges and fine grain are averaged in another order.
    expect(sum / preview.data.length).toBeLessThan(2);
  });

  test('come in steps, too, which can be watched and stopped', async () => {
    const shares: number[] = [];
    const preview = await previewDocument(smooth, 100, { onProgress: (done) => shares.push(done) });
    const wanted = scaleDocument(smooth, 100);
    expect(preview.image).toEqual(wanted.image);
    expect(preview.objects.map(({ mask, matte }) => [mask.data, matte?.alpha])).toEqual(
      wanted.objects.map(({ mask, matte }) => [mask.data, matte?.alpha]),
    );
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const stop = new AbortController();
    const stopped = previewDocument(smooth, 100, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toThrow('aborted');
  });

  test('what is small enough stays as it is', () => {
    expect(scaleDocument(document, 610)).toBe(document);
    expect(() => scaleDocument(document, 0)).toThrow('wanted 1 or more');
  });
});

describe('long work', () => {
  const document: PictureDocument = {
    ...sampleDocument({ width: 1500, height: 1000 }),
    background: { kind: 'blur', radius: 3 },
  };

  test('tells how far it is, and lets others go on', async () => {
    const shares: number[] = [];
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await composeDocument(document, { onProgress: (done) => shares.push(done) });
    clearInterval(timer);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.length).toBeGreaterThan(3);
    expect(turns).toBeGreaterThan(2);
  });

  test('stops when it is told to', async () => {
    const stop = new AbortController();
    const composing = composeDocument(document, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    });
    await expect(composing).rejects.toThrow('enough');
  });
});

test('masks that hold run lengths are decoded once for all strips', () => {
  const [width, height] = [600, 400];
  const mask = Mask.fromRle(
    Mask.fromBitmap(bitmapFrom(new Uint8Array(width * height).fill(1), width, height)).toRle(),
  );
  const pixels = new ObjectPixels(samplePicture(width, height), { mask });
  expect(pixels.alpha.length).toBe(width * height);
  expect(
    pixels.alphaIn({ x: 590, y: 390, width: 20, height: 20 }).reduce((sum, v) => sum + v, 0),
  ).toBe(100 * 255);
});
