/** librsvg, by way of sharp, draws what we write, and what we read. */
import { bitmapFrom, Mask } from '@samgpu/mask';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { sampleDocument } from '../fixtures/sample-document.ts';
import type { PictureDocument } from '../picture-document.ts';
import { readSvg } from './read-svg.ts';
import { maskSvg, writeSvg } from './write-svg.ts';

/** Opacity of each pixel as librsvg draws it. */
async function drawn(svg: string): Promise<number[]> {
  const { data, info } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Array.from({ length: info.width * info.height }, (_, i) => data[4 * i + 3]!);
}

function masked({ data }: Mask): number[] {
  return Array.from(data, (inside) => inside * 255);
}

describe('what we write', () => {
  const document = sampleDocument();

  test('every object, pixel by pixel', async () => {
    for (const { mask } of document.objects)
      expect(await drawn(maskSvg(mask))).toEqual(masked(mask));
  });

  test('random masks, pixel by pixel', async () => {
    const masks = fc.record({
      width: fc.integer({ min: 1, max: 24 }),
      height: fc.integer({ min: 1, max: 24 }),
      values: fc.array(fc.boolean(), { minLength: 576, maxLength: 576 }),
    });
    for (const { width, height, values } of fc.sample(masks, { numRuns: 60, seed: 3 })) {
      const mask = Mask.fromBitmap(bitmapFrom(values.slice(0, width * height), width, height));
      expect(await drawn(maskSvg(mask))).toEqual(masked(mask));
    }
  });

  test('a document: titles, colours, what is hidden, what is below', async () => {
    const text = await (await writeSvg(document)).text();
    expect(text).toContain('<title>sample</title>');
    expect(text).toContain('<title>Soft &lt;disc&gt; &amp; &quot;more&quot;</title>');
    const [ring, disc] = document.objects;
    const alpha = await drawn(text);
    for (const [i, level] of alpha.entries()) {
      const wanted =
        disc!.mask.data[i] === 1
          ? ring!.mask.data[i] === 1
            ? 255
            : 128
          : ring!.mask.data[i]! * 255;
      expect(Math.abs(level - wanted)).toBeLessThanOrEqual(1);
    }
  });

  test('the picture in it, or a link to it', async () => {
    const embedded = await (await writeSvg(document, { picture: { kind: 'embedded' } })).text();
    const { data } = await sharp(Buffer.from(embedded))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const covered = (i: number): boolean => document.objects.some(({ mask }) => mask.data[i] === 1);
    for (let i = 0; i < 61 * 47; i++) {
      if (covered(i)) continue;
      const pixel = 4 * i;
      expect(data.subarray(pixel, pixel + 4)).toEqual(
        Buffer.from(document.image.data.subarray(pixel, pixel + 4)),
      );
    }
    const linked = await (
      await writeSvg(document, { picture: { kind: 'linked', href: 'a "b".jpg' } })
    ).text();
    expect(linked).toContain('<image width="61" height="47" href="a &quot;b&quot;.jpg"/>');
    expect(readSvg(linked).picture).toBeUndefined();
  });

  test('smoothed outlines', async () => {
    const [{ mask }] = document.objects as readonly [PictureDocument['objects'][0]];
    const exact = maskSvg(mask);
    const smooth = maskSvg(mask, { tolerance: 0.75 });
    expect(smooth.length).toBeLessThan(0.75 * exact.length);
    const different = (await drawn(smooth)).filter(
      (level, i) => level >= 128 !== (mask.data[i] === 1),
    );
    expect(different.length).toBeLessThan(0.05 * mask.area);
    await expect(writeSvg(document, { tolerance: -1 })).rejects.toMatchObject({
      code: 'invalid-option',
    });
  });
});

describe('what others write', () => {
  const [width, height] = [120, 90];
  const svg = (content: string, attributes = ''): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${attributes}>${content}</svg>`;

  test.each([
    ['curves', '<path d="M10 80C20 10 60 10 70 60S110 90 110 40L60 5Q30 5 20 40T10 80z"/>'],
    [
      'relative commands without separators',
      '<path d="m10 10h40v30h-20l-.5.5-10-5zm60,20c10-20,30,0,30,20s-20 30-40 10z"/>',
    ],
    ['arcs', '<path d="M20 50A30 20 30 1 1 80 60A15 15 0 0 0 20 50ZM90 20a8 8 0 1010 10"/>'],
    ['arcs whose radii do not reach', '<path d="M20 50A5 3 20 0 1 100 60L60 85Z"/>'],
    [
      'shapes',
      '<rect x="5.5" y="6" width="40" height="30" rx="8"/><circle cx="80" cy="30" r="20.5"/><ellipse cx="40" cy="70" rx="30" ry="12"/><polygon points="80,60 110,85 70,80"/>',
    ],
    [
      'transforms in groups',
      '<g transform="translate(20 10) rotate(20)"><g transform="scale(1.5,.8) skewX(10)"><rect x="5" y="5" width="30" height="40"/></g><path transform="matrix(.5 .2 -.3 .9 40 5)" d="M0 0h60v50H20z"/></g>',
    ],
    [
      'rotation around a point',
      '<rect x="30" y="30" width="50" height="20" transform="rotate(-35, 55, 40) skewY(5)"/>',
    ],
    ['nonzero', '<path d="M10 10h70v60h-70zM30 20h30v30h-30zM45 40v40h60v-60z"/>'],
    [
      'evenodd, inherited',
      '<g fill-rule="evenodd"><path d="M10 10h70v60h-70zM30 20h30v30h-30zM45 40v40h60v-60z"/></g>',
    ],
    [
      'evenodd by style',
      '<path style="fill-rule: evenodd; fill: red" d="M60 5L25 85L110 35H10L95 85Z"/>',
    ],
    ['a star, nonzero', '<path d="M60 5L25 85L110 35H10L95 85Z"/>'],
    ['beside the picture', '<path d="M-50 -30L200 40L30 300Z"/>'],
    [
      'what is not shown where it stands',
      '<defs><path d="M0 0h120v90H0z"/></defs><clipPath id="c"><rect width="120" height="90"/></clipPath><rect x="9" y="9" width="20" height="20"/><rect x="50" width="20" height="20" fill="none"/>',
    ],
    ['an open path', '<polyline points="10,10 100,20 60,80"/>'],
  ])('%s', async (_, content) => {
    const objects = readSvg(svg(content)).objectsFor({ width, height });
    const inside = Array.from({ length: width * height }, (_, i) =>
      objects.some(({ mask }) => mask.data[i] === 1),
    );
    const alpha = await drawn(svg(content));
    expect(alpha.filter((level) => level === 255).length).toBeGreaterThan(100);
    // We take pixels whose centre is inside, librsvg draws shares: of those that are whole or empty there is no doubt.
    const doubtless = alpha
      .map((level, i) => [level, inside[i]] as const)
      .filter(([level]) => level === 0 || level === 255);
    expect(doubtless.filter(([level, isInside]) => (level === 255) !== isInside).length).toBe(0);
    const wrong = alpha.filter(
      (level, i) => (level > 191 && inside[i] === false) || (level < 64 && inside[i] === true),
    );
    // A thin part may have its centre outside of a pixel that it covers by a quarter.
    expect(wrong.length).toBeLessThan(
      alpha.filter((level) => level > 0 && level < 255).length * 0.03 + 1,
    );
  });

  test('names, colours and visibility', () => {
    const content = `
      <g visibility="hidden"><path d="M0 0h9v9z" id="first"/><path d="M9 9h9v9z" visibility="visible" style="fill:#0af"/></g>
      <g display="none" opacity=".5"><path d="M0 0h9v9z" fill="rgb(1, 2,3)" opacity="50%"><title> A title </title></path></g>
      <path xmlns:inkscape="x" inkscape:label="Label" id="id" d="M0 0h9v9z" fill="Navy"/>`;
    const objects = readSvg(svg(content)).objectsFor({ width, height });
    expect(objects.map(({ name, visible }) => [name, visible])).toEqual([
      ['first', false],
      ['Area 2', true],
      ['A title', false],
      ['Label', true],
    ]);
    expect(objects.slice(1).map(({ color }) => color)).toEqual([
      [0, 170, 255],
      [1, 2, 3],
      [0, 0, 128],
    ]);
    expect(objects.map(({ opacity }) => opacity)).toEqual([undefined, undefined, 0.25, undefined]);
  });

  test('a viewBox that is moved and scaled, and none at all', () => {
    const moved = `<svg viewBox="-10,20 60 45"><rect x="0" y="30" width="10" height="10"/></svg>`;
    const [area] = readSvg(moved).objectsFor({ width, height });
    expect(area!.mask.bounds).toEqual({ x: 20, y: 20, width: 20, height: 20 });
    const [plain] = readSvg(
      `<svg width="120px" height="90"><rect width="7" height="5"/></svg>`,
    ).objectsFor({ width, height });
    expect(plain!.mask.area).toBe(35);
    expect(() => readSvg('<svg width="50%"><rect/></svg>')).toThrow('neither viewBox nor width');
  });
});
