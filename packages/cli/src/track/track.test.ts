// The whole command as a process, with a small SAM 2 of formula weights: its masks mean nothing, but what
// is written of them must agree, and an interruption must change nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { CocoFile, CocoTrackAnnotation } from '@samgpu/document';
import { decodeRle, fromCompressedRle, openVideo } from 'samgpu';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { encodeClip } from '../../../samgpu/src/frames/fixtures/encode-clip.ts';
import { CLIP, movingShapes, trueMask } from '../../../samgpu/src/frames/fixtures/moving-shapes.ts';
import { writeImages } from '../../../samgpu/src/frames/fixtures/write-images.ts';
import { loadNarrow } from '../../../../models/sam2/src/fixtures/narrow-network.ts';
import { expectToGoOnAfter, count, lossless } from '../fixtures/interrupted-track.ts';
import { outcomeOf } from '../fixtures/run-samgpu.ts';
import { linesOf, run, start } from '../fixtures/run-track.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import { writeMask } from '../outputs/write-png.ts';
import type { TrackedFrameResult } from './frame-record.ts';

const hasNoFfmpeg = spawnSync('ffmpeg', ['-version']).status !== 0;
const hint = hasNoFfmpeg ? ' (skipped: no ffmpeg on PATH)' : '';
const python = process.env['SAMGPU_PYTHON'] ?? '/usr/bin/python3';
const hasNoCoco = spawnSync(python, ['-c', 'import numpy, pycocotools.coco']).status !== 0;

/** In the folder `in`. */
function writeFolder(folder: TemporaryFolder, count: number, from = 8): Promise<void> {
  return writeImages(folder.at('in'), count, (frame) => `image ${from + frame}.png`);
}

async function levels(path: string): Promise<Buffer> {
  expect(await sharp(path).metadata()).toMatchObject({ ...CLIP, channels: 1 });
  return sharp(path).extractChannel(0).raw().toBuffer();
}

const disc = ['--point', '16,22'];
const both = [...disc, '--point', '78,14,2'];

describe('a folder of images', () => {
  test('is written in every format, and all agree', async () => {
    using folder = new TemporaryFolder();
    await writeFolder(folder, 5);
    const formats = ['--format', 'masks,indexed,overlay', '--format', 'coco,mots', '--json'];
    const outcome = await run(['in', ...both, ...formats], { cwd: folder.path });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(folder.list('samgpu-output')).toEqual([
      'in.coco.json',
      'in.indexed',
      'in.masks',
      'in.mots.txt',
      'in.overlay',
    ]);
    const names = ['image 8', 'image 9', 'image 10', 'image 11', 'image 12'];
    const files = names.map((name) => `${name}.png`).sort();
    expect(folder.list('samgpu-output/in.masks')).toEqual(['001', '002']);
    for (const place of ['in.masks/002', 'in.indexed', 'in.overlay']) {
      expect(folder.list('samgpu-output', place)).toEqual(files);
    }

    const lines = linesOf(outcome);
    expect(lines.map(({ frame, file }) => [frame, file])).toEqual(
      names.map((name, frame) => [frame, `${name}.png`]),
    );
    for (const { frame, file, objects } of lines) {
      expect(objects.map(({ object }) => object)).toEqual([1, 2]);
      const masks = objects.map(({ rle }) => decodeRle(fromCompressedRle(rle)).data);
      const output = folder.at('samgpu-output');
      const [first, second] = await Promise.all(
        ['001', '002'].map((object) => levels(`${output}/in.masks/${object}/${file}`)),
      );
      const indices = await indicesOf(`${output}/in.indexed/${file}`);
      const overlay = await sharp(`${output}/in.overlay/${file}`).raw().toBuffer();
      const picture = movingShapes(frame).data;
      for (let pixel = 0; pixel < indices.length; pixel++) {
        const [one, two] = masks.map((mask) => mask[pixel]!);
        // Indices have room for one object, so masks do not overlap.
        expect(indices[pixel]).toBe(one === 1 ? 1 : two === 1 ? 2 : 0);
        expect(one! + two!).toBeLessThan(2);
        expect([first![pixel], second![pixel]]).toEqual([255 * one!, 255 * two!]);
        const isPainted = [0, 1, 2].some((c) => overlay[3 * pixel + c] !== picture[3 * pixel + c]);
        expect(isPainted && indices[pixel] === 0).toBe(false);
      }
    }

    const shown = lines.flatMap(({ frame, objects }) =>
      objects.filter(({ area }) => area > 0).map((mask) => ({ frame, ...mask })),
    );
    expect(shown.length).toBeGreaterThan(4);
    const coco = JSON.parse(
      readFileSync(folder.at('samgpu-output/in.coco.json'), 'utf8'),
    ) as CocoFile;
    expect(coco.images.map(({ id, file_name }) => [id, file_name])).toEqual(
      names.map((name, i) => [i + 1, `${name}.png`]),
    );
    const annotations = coco.annotations as readonly CocoTrackAnnotation[];
    expect(
      annotations.map(({ image_id, track_id, segmentation }) => [
        image_id - 1,
        track_id,
        segmentation,
      ]),
    ).toEqual(shown.map(({ frame, object, rle }) => [frame, object, rle]));
    const mots = readFileSync(folder.at('samgpu-output/in.mots.txt'), 'utf8');
    expect(mots.trim().split('\n')).toEqual(
      shown.map(({ frame, object, rle }) => `${frame} ${1000 + object} 1 64 96 ${rle.counts}`),
    );
  });

  test.skipIf(hasNoCoco)(
    `pycocotools reads its COCO file${hasNoCoco ? ` (skipped: ${python} has it not)` : ''}`,
    async () => {
      using folder = new TemporaryFolder();
      await writeFolder(folder, 3);
      const outcome = await run(['in', ...both, '--format', 'coco', '--json'], {
        cwd: folder.path,
      });
      const code = `
import contextlib, json, sys
from pycocotools.coco import COCO
from pycocotools import mask as masks
import numpy as np
with contextlib.redirect_stdout(sys.stderr):
    coco = COCO(sys.argv[1])
print(json.dumps([
    masks.encode(np.asfortranarray(coco.annToMask(annotation)))["counts"].decode()
    for annotation in coco.loadAnns(coco.getAnnIds())
]))
`;
      const place = folder.at('samgpu-output/in.coco.json');
      const reader = spawnSync(python, ['-c', code, place], { encoding: 'utf8' });
      const counts = linesOf(outcome).flatMap(({ objects }) =>
        objects.filter(({ area }) => area > 0).map(({ rle }) => rle.counts),
      );
      expect(JSON.parse(reader.stdout)).toEqual(counts);
    },
  );

  test('is tracked from a frame in both directions, and up to a frame', async () => {
    using folder = new TemporaryFolder();
    await writeFolder(folder, 6);
    const args = ['in', '--frame', '2', ...disc, '--to', '4', '--format', 'coco', '--json'];
    const options = { cwd: folder.path };
    const forward = linesOf(await run(args, options));
    expect(forward.map(({ frame }) => frame)).toEqual([2, 3, 4]);
    const there = linesOf(await run([...args, '--direction', 'both'], options));
    expect(there.map(({ frame }) => frame)).toEqual([2, 3, 4, 1, 0]);
    expect(there.slice(0, 3)).toEqual(forward);
    const coco = JSON.parse(
      readFileSync(folder.at('samgpu-output/in.coco.json'), 'utf8'),
    ) as CocoFile;
    expect(coco.images.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  });

  test('goes both ways as one track does', { timeout: 240_000 }, async () => {
    using folder = new TemporaryFolder();
    await writeFolder(folder, 22);
    const clicks = ['--frame', '3', '--point', '18,24', '--frame', '5', '--point', '74,16,2'];
    const lines = linesOf(
      await run(['in', ...clicks, '--direction', 'both', '--json'], { cwd: folder.path }),
    );
    const forth = Array.from({ length: 19 }, (_, index) => 3 + index);
    expect(lines.map(({ frame }) => frame)).toEqual([...forth, 2, 1, 0]);

    using segmenter = await loadNarrow();
    using track = await segmenter.track(Array.from({ length: 22 }, (_, i) => movingShapes(i)));
    await track.add({ frame: 3, object: 1, points: [{ x: 18, y: 24 }] });
    await track.add({ frame: 5, object: 2, points: [{ x: 74, y: 16 }] });
    const counts: string[][] = [];
    const courses = [track.propagate(), track.propagate({ from: 2, reverse: true })];
    for (const course of courses) {
      for await (const { objects } of course) {
        counts.push(objects.map(({ mask }) => mask.toRle({ compressed: true }).counts));
      }
    }
    expect(lines.map(({ objects }) => objects.map(({ rle }) => rle.counts))).toEqual(counts);
  });

  test('takes prompts of a file as those of the command line', async () => {
    using folder = new TemporaryFolder();
    await writeFolder(folder, 4);
    const { path } = folder;
    const onLine = [
      '--point',
      '16,22',
      '--point',
      '78,14,2',
      '--frame',
      '2',
      '--point',
      '40,40,-,1',
    ];
    const prompts = [
      { points: [[16, 22]] },
      { object: 2, points: [{ x: 78, y: 14 }] },
      { frame: 2, object: 1, points: [[40, 40, 0]] },
    ];
    writeFileSync(folder.at('prompts.json'), JSON.stringify(prompts));
    const wanted = linesOf(await run(['in', ...onLine, '--json'], { cwd: path }));
    const got = await run(['in', '--prompts', 'prompts.json', '--json'], { cwd: path });
    expect(got).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(got)).toEqual(wanted);
  });

  test('is tracked from a mask', async () => {
    using folder = new TemporaryFolder();
    await writeFolder(folder, 2);
    await writeMask(folder.at('disc.png'), trueMask(0, 0));
    const outcome = await run(['in', '--mask', 'disc.png', '--json'], { cwd: folder.path });
    const [{ objects }] = linesOf(outcome) as [TrackedFrameResult];
    const { data } = decodeRle(fromCompressedRle(objects[0]!.rle));
    const truth = trueMask(0, 0).data;
    const common = data.filter((inside, pixel) => inside === 1 && truth[pixel] === 1).length;
    const either = data.filter((inside, pixel) => inside === 1 || truth[pixel] === 1).length;
    // The model's own grid is three pixels wide here, so the outline of the disc moves by one.
    expect(common / either).toBeGreaterThan(0.75);
  });

  test('that ends in a frame of another size is kept up to there', async () => {
    using folder = new TemporaryFolder();
    await writeFolder(folder, 3);
    await sharp(movingShapes(3).data, { raw: { ...CLIP, channels: 3 } })
      .resize(64, 64)
      .png()
      .toFile(folder.at('in/image 20.png'));
    const args = ['in', ...disc];
    const { code, stderr } = await run(args, { cwd: folder.path });
    expect(code).toBe(1);
    expect(stderr).toContain('failed in: frame 3 is 64x64, wanted 96x64');
    expect(stderr).toContain('run the same command to go on from there');
    expect(folder.list('samgpu-output/in.masks/001')).toHaveLength(3);
    // Once the frame is right, only it is left to do. The folder has the same names.
    await sharp(movingShapes(3).data, { raw: { ...CLIP, channels: 3 } })
      .png()
      .toFile(folder.at('in/image 20.png'));
    const again = await run(args, { cwd: folder.path });
    expect(again).toMatchObject({
      code: 0,
      stderr: 'going on after 3 frames of an earlier run\n',
    });
    expect(again.stdout).toMatch(/^in: 1 object on 4 frames, in .* -> samgpu-output.in\.masks\n$/);
    expect(folder.list('samgpu-output')).toEqual(['in.masks']);
  });
});

/** Numbers of the pixels, whatever colours the palette gives them. */
async function indicesOf(path: string): Promise<Uint8Array> {
  // The palette of DAVIS: 1 is a dark red, 2 a dark green.
  const { data } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return Uint8Array.from({ length: data.length / 3 }, (_, pixel) => {
    const [r, g, b] = data.subarray(3 * pixel, 3 * pixel + 3);
    expect(b).toBe(0);
    return r === 128 ? 1 : g === 128 ? 2 : 0;
  });
}

describe.skipIf(hasNoFfmpeg)(`a video file${hint}`, () => {
  test('becomes a video', async () => {
    using folder = new TemporaryFolder();
    await encodeClip(folder.at('clip.mkv'), 20, lossless, 10);
    const args = ['clip.mkv', ...both, '--output', 'out/tracked.mp4', '--format', 'overlay,coco'];
    const outcome = await run(args, { cwd: folder.path });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(
      /2 objects on 20 frames, in .*tracked\.coco\.json, .*tracked\.mp4/,
    );
    expect(folder.list('out')).toEqual(['tracked.coco.json', 'tracked.mp4']);
    using video = await openVideo(folder.at('out/tracked.mp4'));
    expect(video).toMatchObject({ frameRate: 10, expectedCount: 20 });
    const frames: unknown[] = [];
    for (let frame = 0; frame <= 20; frame++) frames.push(await video.read(frame));
    expect(frames[19]).toMatchObject(CLIP);
    expect(frames[20]).toBeUndefined();
  });

  test('goes on after SIGINT, which saves, as if nothing was', { timeout: 240_000 }, () =>
    expectToGoOnAfter('SIGINT', '600000'),
  );

  test('begins anew where that or something else is asked for', async () => {
    using folder = new TemporaryFolder();
    await encodeClip(folder.at('clip.mkv'), 30, lossless);
    const args = ['clip.mkv', ...disc, '--format', 'masks'];
    const interrupt = async (): Promise<void> => {
      const environment = { SAMGPU_TEST_PAUSE: '100' };
      const begun = Date.now();
      const child = start(args, { cwd: folder.path, environment });
      const ending = outcomeOf(child);
      const place = folder.at('samgpu-output/clip.masks/001');
      // Frames of the run before are there already; this one's tell that it is under way.
      while ((await count(place, begun)) < 3 && child.exitCode === null) await delay(20);
      child.kill('SIGINT');
      expect((await ending).code).toBe(130);
    };
    await interrupt();
    const other = await run([...args, '--point', '40,40,-', '--to', '4'], { cwd: folder.path });
    expect(other).toMatchObject({ code: 0, stderr: '' });
    await interrupt();
    const restarted = await run([...args, '--restart'], { cwd: folder.path });
    expect(restarted).toMatchObject({ code: 0, stderr: '' });
    expect(restarted.stdout).toContain('1 object on 30 frames');
  });

  test('that cannot be used is refused, and nothing is left', async () => {
    using folder = new TemporaryFolder();
    await encodeClip(folder.at('clip.mkv'), 20, lossless);
    writeFileSync(folder.at('text.mp4'), 'no video, and long enough to be looked at by anybody');
    const cases: readonly [readonly string[], RegExp][] = [
      [['text.mp4', ...disc], /FFmpeg cannot decode text\.mp4/],
      [['clip.mkv', '--frame', '20', ...disc], /there is no frame 20; wanted one before the end/],
      [['clip.mkv', '--point', '200,3'], /outside the 96x64 image/],
      [['clip.mkv', '--mask', 'clip.mkv'], /clip\.mkv/],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await run(args, { cwd: folder.path });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
      const output = folder.list().includes('samgpu-output') ? folder.list('samgpu-output') : [];
      expect(output).toEqual([]);
    }
  });
});

test.each<[string, readonly string[], RegExp]>([
  ['no prompt', ['in'], /No prompt was given/],
  [
    'no prompts file',
    ['in', '--prompts', 'p.json'],
    /prompts file p\.json cannot be read \(ENOENT\)/,
  ],
  [
    'prompts of both kinds',
    ['in', ...disc, '--prompts', 'p.json'],
    /both --prompts and prompts on/,
  ],
  [
    'a model for pictures',
    ['in', ...disc, '--model', 'nano'],
    /nano segments pictures and does not/,
  ],
  ['an unknown model', ['in', ...disc, '--model', 'sam9'], /There is no model "sam9"/],
  ['object 0', ['in', '--point', '1,2,0'], /wanted a whole number from 1 on.*x,y,-/],
  ['an unknown label', ['in', '--point', '1,2,maybe'], /The label is "maybe"/],
  [
    'two boxes',
    ['in', '--box', '1,1,9,9', '--box', '2,2,9,9'],
    /second box of object 1 on frame 0/,
  ],
  ['a mask and a point', ['in', ...disc, '--mask', 'm.png'], /both --mask and points/],
  ['a negative frame', ['in', '--frame', '-1', ...disc], /Wanted a whole number from 0 on/],
  [
    'an end before the start',
    ['in', '--frame', '9', ...disc, '--to', '3'],
    /--to 3 is before frame 9/,
  ],
  [
    'an end of the other way',
    ['in', ...disc, '--direction', 'backward', '--to', '3'],
    /leave it out/,
  ],
  ['an unknown format', ['in', ...disc, '--format', 'gif'], /There is no format "gif"/],
  [
    'a video without overlay',
    ['in', ...disc, '--output', 'a.mp4', '--format', 'coco'],
    /add --format overlay/,
  ],
  [
    'too many objects',
    ['in', '--point', '1,2,300', '--format', 'indexed'],
    /numbers them from 1 to 255/,
  ],
  ['no video', ['missing.mp4', ...disc], /There is no video missing\.mp4/],
  ['no images', ['.', ...disc], /The folder \. holds no images/],
  ['no mask', ['.', '--mask', 'missing.png'], /The mask missing\.png cannot be read \(ENOENT\)/],
])('%s is told', async (_, args, message) => {
  using folder = new TemporaryFolder();
  const { code, stdout, stderr } = await run(args, { cwd: folder.path });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(folder.list()).toEqual([]);
});

test('videos want FFmpeg, folders do not', async () => {
  using folder = new TemporaryFolder();
  writeFileSync(folder.at('clip.mp4'), 'x');
  await writeFolder(folder, 2);
  const options = { cwd: folder.path, environment: { PATH: folder.path } };
  const message =
    /^error: Videos need FFmpeg in Node, and there is no program ffmpeg on PATH\. Install/;
  for (const args of [['clip.mp4'], ['in', '--output', 'out.mp4']]) {
    const { code, stderr } = await run([...args, ...disc], options);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  }
  expect((await run(['in', ...disc], options)).code).toBe(0);
});
