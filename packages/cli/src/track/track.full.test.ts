// The real SAM 2.1 tiny at full size, with formula weights: that it runs as a user starts it.
import { spawnSync } from 'node:child_process';

import sharp from 'sharp';
import { expect, test } from 'vitest';

import { encodeClip } from '../../../samgpu/src/frames/fixtures/encode-clip.ts';
import { CLIP } from '../../../samgpu/src/frames/fixtures/moving-shapes.ts';
import { writeFormulaCheckpoint } from '../fixtures/formula-checkpoint.ts';
import { runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';

const isMissing = spawnSync('ffmpeg', ['-version']).status !== 0;
const hint = isMissing ? ' (skipped: no ffmpeg on PATH)' : '';

test.skipIf(isMissing)(`SAM 2.1 tiny through a clip${hint}`, { timeout: 600_000 }, async () => {
  using folder = new TemporaryFolder();
  const weights = await writeFormulaCheckpoint('sam2.1-tiny', folder.at('weights'));
  await encodeClip(folder.at('clip.mkv'), 6, ['-c:v', 'ffv1', '-pix_fmt', 'gbrp']);
  const args = ['track', 'clip.mkv', '--point', '16,22', '--point', '78,14,2'];
  const { code, stdout, stderr } = await runSamgpu(
    [...args, '--weights', weights, '--format', 'masks,overlay,coco,mots'],
    { cwd: folder.path },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('clip.mkv: 2 objects on 6 frames');
  expect(folder.list('samgpu-output')).toEqual([
    'clip.coco.json',
    'clip.masks',
    'clip.mots.txt',
    'clip.overlay',
  ]);
  for (const place of ['clip.masks/002', 'clip.overlay']) {
    expect(folder.list('samgpu-output', place)).toHaveLength(6);
    const last = folder.at('samgpu-output', place, '00005.png');
    expect(await sharp(last).metadata()).toMatchObject(CLIP);
  }
});
