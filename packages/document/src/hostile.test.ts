/** Files that were made to exhaust whoever opens them. */
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';

import { Mask } from '@samgpu/mask';
import { type Psd, writePsdUint8Array } from 'ag-psd';
import { describe, expect, test } from 'vitest';

import { writeCoco } from './coco/write-coco.ts';
import { bytesOf, outcomeOf, small } from './fixtures/hostile-files.ts';
import { sampleDocument } from './fixtures/sample-document.ts';
import { writeMaskPng } from './mask-png/write-mask-png.ts';
import { writeOpenRaster } from './openraster/write-openraster.ts';
import { writeProject } from './project/write-project.ts';
import { writePsd } from './psd/write-psd.ts';
import { writeSvg } from './svg/write-svg.ts';
import { parseXml } from './xml/parse-xml.ts';
import { writeZip } from './zip/write-zip.ts';

describe('archives that unpack to too much', () => {
  const zeros = new Uint8Array(50_000_000);
  /** An archive with one file, said to be as large as it is not. */
  function bomb(name: string, declared: number): Uint8Array<ArrayBuffer> {
    const packed = deflateRawSync(zeros);
    const nameBytes = Buffer.from(name);
    const fields = (at: number, length: number): Buffer => {
      const header = Buffer.alloc(length);
      header.writeUInt16LE(20, at);
      header.writeUInt16LE(8, at + 4);
      header.writeUInt32LE(crc32(zeros), at + 10);
      header.writeUInt32LE(packed.length, at + 14);
      header.writeUInt32LE(declared, at + 18);
      header.writeUInt16LE(nameBytes.length, at + 22);
      return header;
    };
    const local = fields(4, 30);
    local.writeUInt32LE(0x04034b50, 0);
    const entry = fields(6, 46);
    entry.writeUInt32LE(0x02014b50, 0);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(1, 8);
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(46 + nameBytes.length, 12);
    end.writeUInt32LE(30 + nameBytes.length + packed.length, 16);
    return new Uint8Array(Buffer.concat([local, nameBytes, packed, entry, nameBytes, end]));
  }

  test.each([
    ['as it says', 50_000_000, 'too-large'],
    ['while it says little', 1000, 'damaged'],
    ['while it says nothing', 0, 'damaged'],
  ])('%s', async (_, declared, code) => {
    const archive = bomb('stack.xml', declared);
    expect(archive.length).toBeLessThan(100_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await outcomeOf(archive)).toBe(code);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000);
  });

  test('in many files that are each within the limits', async () => {
    const layers = Array.from({ length: 60 }, (_, i) => `<layer src="l${i}.png"/>`).join('');
    const stack = `<image w="10" h="10"><stack>${layers}</stack></image>`;
    const content = new Uint8Array(1_000_000);
    const archive = await writeZip(
      [
        { name: 'stack.xml', content: stack },
        ...Array.from({ length: 60 }, (_, i) => ({ name: `l${i}.png`, content })),
      ],
      '',
    );
    expect(archive.size).toBeLessThan(200_000);
    // The first is not a PNG at all.
    expect(await outcomeOf(archive)).toBe('unknown-format');
  });

  test('one layer that is used again and again', async () => {
    const png = await writeMaskPng(sampleDocument({ width: 300, height: 300 }));
    const layers = '<layer src="l.png"/>'.repeat(99);
    const stack = `<image w="300" h="300"><stack>${layers}</stack></image>`;
    const archive = await writeZip(
      [
        { name: 'stack.xml', content: stack },
        { name: 'l.png', content: png },
      ],
      '',
    );
    expect(await outcomeOf(archive)).toBe('too-large');
  });
});

describe('sizes that nobody has', () => {
  const pngHeader = (width: number, height: number): Blob => {
    const header = Buffer.alloc(25);
    header.writeUInt32BE(13, 0);
    header.write('IHDR', 4);
    header.writeUInt32BE(width, 8);
    header.writeUInt32BE(height, 12);
    header[16] = 8;
    header.writeUInt32BE(crc32(header.subarray(4, 21)), 21);
    return new Blob([
      new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      header,
      end,
    ]);
  };
  const end = new Uint8Array([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

  test('PNG', async () => {
    expect(await outcomeOf(pngHeader(0x7fffffff, 0x7fffffff))).toBe('too-large');
    expect(await outcomeOf(pngHeader(0, 5))).toBe('damaged');
    expect(await outcomeOf(pngHeader(100, 100))).toBe('damaged');
  });

  test('PSD', async () => {
    const bytes = await bytesOf(await writePsd(small));
    new DataView(bytes.buffer).setUint32(14, 30_000);
    new DataView(bytes.buffer).setUint32(18, 30_000);
    expect(await outcomeOf(bytes)).toBe('too-large');
    new DataView(bytes.buffer).setUint32(18, 0);
    expect(await outcomeOf(bytes)).toBe('damaged');
  });

  test('SVG, OpenRaster and projects', async () => {
    const svg = (box: string): string => `<svg viewBox="${box}"><path d="M0 0h9v9Z"/></svg>`;
    expect(await outcomeOf(svg('0 0 1e9 1e9'))).toBe('too-large');
    expect(await outcomeOf(svg('0 0 -1 5'))).toBe('damaged');
    expect(await outcomeOf(svg('0 0 NaN 5'))).toBe('damaged');
    const stack = (w: string): Promise<Blob> =>
      writeZip([{ name: 'stack.xml', content: `<image w="${w}" h="9"/>` }], '');
    expect(await outcomeOf(await stack('1000000000'))).toBe('too-large');
    expect(await outcomeOf(await stack('1e'))).toBe('damaged');
    expect(await outcomeOf(await stack('-4'))).toBe('damaged');
    const project = JSON.stringify({
      format: 'samgpu-project',
      version: 1,
      name: '',
      image: { file: 'a', mediaType: 'image/png', width: 1e9, height: 1e9 },
      objects: [],
    });
    const file = await writeZip([{ name: 'project.json', content: project }], '');
    expect(await outcomeOf(file)).toBe('too-large');
  });

  test('COCO', async () => {
    const coco = (segmentation: unknown): string =>
      JSON.stringify({
        images: [{ id: 1, width: 23, height: 17, file_name: 'sample' }],
        annotations: [{ id: 1, image_id: 1, segmentation }],
      });
    for (const segmentation of [
      { size: [17, 23], counts: [391, 1] },
      { size: [17, 23], counts: [-1, 392] },
      { size: [17, 23], counts: [1e300] },
      { size: [17, 23], counts: 'zzzz' },
      { size: [17, 23], counts: null },
      { size: [1e9, 1e9], counts: '0' },
      { size: 'x', counts: '' },
      [[0, 0, 1e300, 5, 7, 8]],
      [[0, 0, 5, 5]],
      ['text'],
      [[[0, 0, 5, 5, 5, 5]]],
      [null],
    ]) {
      expect([segmentation, await outcomeOf(coco(segmentation))]).toEqual([
        segmentation,
        'damaged',
      ]);
    }
    expect(await outcomeOf(coco({ size: [17, 23], counts: [391] }))).toBe('opened');
    expect(await outcomeOf(coco([]))).toBe('opened');
    expect(await outcomeOf(coco(undefined))).toBe('opened');
    // Few numbers, much work: every edge crosses every column.
    const zigzag = Array.from({ length: 100_000 }, (_, i) => [
      i % 2 === 0 ? -9 : 9e6,
      i % 17,
    ]).flat();
    expect(await outcomeOf(coco([zigzag]))).toBe('too-large');
  });
});

describe('XML that multiplies', () => {
  test('entities are never expanded', async () => {
    const entities = Array.from(
      { length: 30 },
      (_, i) => `<!ENTITY e${i} "${`&e${i + 1};`.repeat(10)}">`,
    );
    const svg = `<?xml version="1.0"?><!DOCTYPE svg [${entities.join('')} <!ENTITY x SYSTEM "file:///etc/passwd">]>
<svg viewBox="0 0 23 17"><title>&e0;&x;</title><path d="M0 0h5v5Z" id="&e0;"/></svg>`;
    const [path] = parseXml(svg).children.slice(1);
    expect(path!.attributes.get('id')).toBe('&e0;');
    expect(parseXml(svg).children[0]!.text).toBe('&e0;&x;');
    expect(await outcomeOf(svg)).toBe('opened');
  });

  test('elements within elements, and too many of them', async () => {
    const inside = (open: string, count: number, close: string): string =>
      `<svg viewBox="0 0 23 17">${open.repeat(count)}${close.repeat(count)}</svg>`;
    expect(await outcomeOf(inside('<g>', 100, '</g>'))).toBe('opened');
    expect(await outcomeOf(inside('<g>', 100_000, '</g>'))).toBe('too-large');
    expect(await outcomeOf(inside('<g/>', 100_000, ''))).toBe('too-large');
    expect(await outcomeOf(inside('<path d="M0 0h5v5Z"/>', 200, ''))).toBe('too-large');
  });

  test.each([
    ['<svg viewBox="0 0 1 1">', 'never closed'],
    ['<svg></g></svg>', 'closes what is not open'],
    ['<svg a="1" a="2"/>', 'stands twice'],
    ['<svg a=1/>', 'no quoted value'],
    ['<svg><!-- ', 'no -->'],
    ['<svg/><svg/>', 'second outermost'],
    ['<svg/>text', 'text outside'],
    ['<svg a="<"/>', 'holds "<"'],
    ['<!DOCTYPE svg [', 'never ends'],
  ])('%s', (text, message) => {
    expect(() => parseXml(text)).toThrow(message);
  });
});

describe('outlines that take for ever', () => {
  const svg = (d: string): string => `<svg viewBox="0 0 23 17"><path d="${d}"/></svg>`;

  test('corners', async () => {
    expect(await outcomeOf(svg(`M0 0${'h1v1'.repeat(100_000)}`))).toBe('too-large');
  });

  test('rows', async () => {
    expect(await outcomeOf(svg(`M0 0${'V-9V99'.repeat(49_000)}`))).toBe('too-large');
  });

  test.each([
    ['M0 0L1e308 1e308L-1e308 1e308', 'opened'],
    ['M0 0L1e309 1', 'damaged'],
    ['M0 0C1e308 1e308 1e308 1e308 1e308 1e308Z', 'opened'],
    ['M0 0A1e200 1e200 0 0 1 1e200 5', 'damaged'],
    ['M0 0a1 1 0 2 1 5 5', 'damaged'],
    ['L5 5', 'damaged'],
    ['M', 'damaged'],
    ['M0 0Zq', 'damaged'],
    ['M5-5.5.5.5', 'opened'],
    ['', 'opened'],
  ] as const)('%s: %s', async (d, outcome) => {
    const found = await outcomeOf(svg(d));
    // Beyond all numbers is damage; far beyond the picture is only far.
    expect(outcome === 'opened' ? ['opened', 'damaged'] : ['damaged']).toContain(found);
  });

  test('numbers without end, without hanging', async () => {
    const started = performance.now();
    expect(await outcomeOf(svg(`M${'1'.repeat(2_000_000)} 0`))).toBe('damaged');
    expect(await outcomeOf(svg(`M0 0${' '.repeat(2_000_000)}L`))).toBe('damaged');
    expect(await outcomeOf(`<svg viewBox="0 0 23 17" transform="${'('.repeat(500_000)}"/>`)).toBe(
      'damaged',
    );
    // Seconds would mean that time grows with the square.
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('PSD that lies', () => {
  const gray = (width: number, height: number): Psd['imageData'] => ({
    width,
    height,
    data: new Uint8ClampedArray(width * height * 4).fill(128),
  });
  const withLayer = (compress: boolean): Uint8Array<ArrayBuffer> =>
    new Uint8Array(
      writePsdUint8Array(
        {
          width: 20,
          height: 10,
          imageData: gray(20, 10)!,
          children: [
            {
              name: 'Layer',
              left: 2,
              top: 1,
              imageData: { ...gray(9, 7)!, data: new Uint8ClampedArray(9 * 7 * 4).fill(99) },
            },
          ],
        },
        { compress },
      ),
    );

  test('of layers that are larger than any', async () => {
    const bytes = withLayer(false);
    const view = new DataView(bytes.buffer);
    const record = findRectangle(bytes, [1, 2, 8, 11]);
    expect(await outcomeOf(bytes)).toBe('opened');
    view.setInt32(record + 8, 29_000);
    view.setInt32(record + 12, 29_000);
    expect(await outcomeOf(bytes)).toBe('too-large');
    view.setInt32(record + 8, -5);
    expect(await outcomeOf(bytes)).toBe('damaged');
    view.setInt32(record + 8, 300);
    view.setInt32(record + 12, 300);
    expect(await outcomeOf(bytes)).toBe('damaged');
  });

  test('of compressed layers that unpack to more than they are', async () => {
    const bytes = withLayer(true);
    expect(await outcomeOf(bytes)).toBe('opened');
    const bomb = deflateSync(new Uint8Array(50_000_000));
    const channel = deflateSync(new Uint8Array(63).fill(99));
    const at = Buffer.from(bytes).indexOf(channel);
    expect(at).toBeGreaterThan(0);
    // The first channel becomes the bomb, its length in the record with it.
    const record = findRectangle(bytes, [1, 2, 8, 11]);
    const longer = new Uint8Array(
      Buffer.concat([bytes.subarray(0, at), bomb, bytes.subarray(at + channel.length)]),
    );
    const view = new DataView(longer.buffer);
    const grow = bomb.length - channel.length;
    view.setUint32(record + 18 + 2, 2 + bomb.length);
    const sections = Buffer.from(bytes).indexOf(Buffer.from('8BIMnorm')) - record;
    expect(sections).toBeGreaterThan(0);
    const layerInfo = record - 6;
    view.setUint32(layerInfo, view.getUint32(layerInfo) + grow);
    view.setUint32(layerInfo - 4, view.getUint32(layerInfo - 4) + grow);
    expect(await outcomeOf(longer)).toBe('damaged');
  });

  test('groups in groups', async () => {
    let children: NonNullable<Psd['children']> = [{ name: 'inner' }];
    for (let i = 0; i < 100; i++) children = [{ name: `${i}`, children }];
    const bytes = writePsdUint8Array({ width: 5, height: 5, imageData: gray(5, 5)!, children });
    expect(await outcomeOf(new Uint8Array(bytes))).toBe('too-large');
  });

  function findRectangle(bytes: Uint8Array, numbers: readonly number[]): number {
    const wanted = Buffer.alloc(16);
    numbers.forEach((number, i) => wanted.writeInt32BE(number, 4 * i));
    const at = Buffer.from(bytes).indexOf(wanted);
    expect(at).toBeGreaterThan(0);
    return at;
  }
});

test('a document of more objects than a file may have is not read', async () => {
  const { image } = small;
  const [first] = small.objects;
  const mask = Mask.fromRle(first!.mask.toRle());
  const objects = Array.from({ length: 101 }, (_, i) => ({ ...first!, id: `${i}`, mask }));
  const many = { name: 'sample', image, objects };
  for (const write of [writePsd, writeOpenRaster, writeProject, writeSvg]) {
    expect(await outcomeOf(await write(many))).toBe('too-large');
  }
  expect(await outcomeOf(writeCoco(many))).toBe('too-large');
});
