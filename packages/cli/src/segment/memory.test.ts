import sharp from 'sharp';
import { expect, test } from 'vitest';

import { coffee, reportPeak, runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';

test('24 megapixels stay below 700 MB', async () => {
  using folder = new TemporaryFolder();
  await sharp(coffee).resize(6000, 4000, { fit: 'fill' }).jpeg().toFile(folder.at('large.jpg'));
  const { code, stderr } = await runSamgpu(
    ['segment', 'large.jpg', '--point', '2900,1350', '--format', 'png,cutout,overlay,coco,svg'],
    { cwd: folder.path, nodeArguments: reportPeak },
  );
  expect(code).toBe(0);
  const peak = Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
  expect(peak).toBeGreaterThan(72); // The pixels alone.
  expect(peak).toBeLessThan(700);
});
