/** Files that were damaged: whatever the damage, a typed error or something that can still be read. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { writeCoco } from './coco/write-coco.ts';
import { bytesOf, openAll, outcomeOf, small } from './fixtures/hostile-files.ts';
import { defaultLimits } from './limits.ts';
import { writeMaskPng } from './mask-png/write-mask-png.ts';
import { writeOpenRaster } from './openraster/write-openraster.ts';
import { writeProject } from './project/write-project.ts';
import { writePsd } from './psd/write-psd.ts';
import { writeSvg } from './svg/write-svg.ts';
import { writeZip, type ZipFile } from './zip/write-zip.ts';
import { ZipArchive } from './zip/read-zip.ts';

const files: readonly (readonly [string, () => Promise<Blob>])[] = [
  ['PSD', () => writePsd(small)],
  ['OpenRaster', () => writeOpenRaster(small)],
  ['project', () => writeProject(small, { session: { a: 1 } })],
  ['SVG', () => writeSvg(small, { picture: { kind: 'embedded' } })],
  ['COCO', async () => writeCoco(small)],
  ['COCO, run lengths', async () => writeCoco(small, { segmentation: 'rle' })],
  ['labels', () => writeMaskPng(small, { form: 'colors' })],
  ['masks in an archive', () => writeMaskPng(small, { form: 'separately' })],
];

describe('damage ends in a typed error, or in a file that can still be read', () => {
  test.each(files)('%s, cut off', async (name, write) => {
    const bytes = await bytesOf(await write());
    const step = Math.max(1, Math.floor(bytes.length / 150));
    for (let length = 0; length < bytes.length - 1; length += step) {
      const part = new Blob([bytes.slice(0, length)]);
      const outcome = await outcomeOf(part);
      if (outcome !== 'opened') continue;
      // All layers of a PSD were there, and only the merged picture after them was not.
      expect(name).toBe('PSD');
      expect(await openAll(part)).toBe(3);
    }
  });

  test.each(files)('%s, changed bytes', async (_, write) => {
    const bytes = await bytesOf(await write());
    const change = fc.record({
      at: fc.nat({ max: bytes.length - 1 }),
      value: fc.nat({ max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const damaged = new Uint8Array(bytes);
        for (const { at, value } of changes) damaged[at] = value;
        expect(await outcomeOf(damaged)).toBeTypeOf('string');
      }),
      { numRuns: 250 },
    );
  });

  test.each(files)('%s, with parts moved and repeated', async (_, write) => {
    const bytes = await bytesOf(await write());
    const part = fc.record({
      from: fc.nat({ max: bytes.length }),
      to: fc.nat({ max: bytes.length }),
      length: fc.nat({ max: 64 }),
    });
    await fc.assert(
      fc.asyncProperty(part, async ({ from, to, length }) => {
        const [head, tail] = [bytes.slice(0, to), bytes.slice(to)];
        const damaged = new Blob([head, bytes.slice(from, from + length), tail]);
        expect(await outcomeOf(damaged)).toBeTypeOf('string');
      }),
      { numRuns: 100 },
    );
  });

  // A checksum catches most changes of an archive; so here it is right, and what it covers is not.
  test.each([
    ['stack.xml', () => writeOpenRaster(small)],
    ['project.json', () => writeProject(small)],
  ])('%s, changed before it is packed', async (name, write) => {
    const packed = await unpackStored(await bytesOf(await write()));
    const text = packed.get(name)!;
    const change = fc.record({ at: fc.nat({ max: text.length - 1 }), value: fc.nat({ max: 127 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = new Uint8Array(text);
        for (const { at, value } of changes) changed[at] = value;
        const contents = [...packed].map(([file, content]): ZipFile => ({
          name: file,
          content: file === name ? changed : content,
        }));
        expect(await outcomeOf(await writeZip(contents, ''))).toBeTypeOf('string');
      }),
      { numRuns: 250 },
    );
  });

  test('anything at all', async () => {
    const starts = [
      '',
      '8BPS\0\u0001',
      'PK\u0003\u0004',
      '\u0089PNG\r\n\u001a\n',
      '<svg ',
      '{"images":[',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts),
        fc.uint8Array({ maxLength: 400 }),
        async (start, rest) => {
          const head = Uint8Array.from(start, (character) => character.charCodeAt(0));
          const outcome = await outcomeOf(await bytesOf(new Blob([head, new Uint8Array(rest)])));
          expect(outcome).not.toBe('opened');
        },
      ),
      { numRuns: 600 },
    );
  });
});

/** Files of an archive of ours. */
async function unpackStored(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const archive = await ZipArchive.open(bytes, defaultLimits);
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of archive.names) contents.set(name, await archive.read(name));
  return contents;
}
