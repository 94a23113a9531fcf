import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Composite } from '@samgpu/testing/composites';

/** What OpenCV's guided filter makes of a mask, with one radius and one eps each. */
export interface OpencvMattes {
  readonly version: string;
  readonly settings: readonly (readonly [radius: number, eps: number])[];
  /** By setting, 0 to 255. */
  readonly alphas: readonly Uint8Array[];
}

/** @returns undefined where there is no Python with OpenCV and its `ximgproc` */
export function runOpencv({ width, height, image, mask }: Composite): OpencvMattes | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'samgpu-bench-'));
  try {
    const place = (name: string): string => join(folder, name);
    writeFileSync(place('image'), image);
    writeFileSync(place('mask'), mask.data);
    const request = {
      width,
      height,
      image: place('image'),
      mask: place('mask'),
      output: place('alpha'),
    };
    const script = fileURLToPath(new URL('opencv_peer.py', import.meta.url));
    const python = process.env['SAMGPU_PYTHON'] ?? 'python3';
    const run = spawnSync(python, [script], {
      input: `${JSON.stringify(request)}\n`,
      encoding: 'utf8',
    });
    if (run.status !== 0) return undefined;
    const answer = JSON.parse(run.stdout) as Pick<OpencvMattes, 'version' | 'settings'>;
    const bytes = readFileSync(place('alpha'));
    const size = width * height;
    const alphas = answer.settings.map((_, i) => bytes.subarray(i * size, (i + 1) * size));
    return { ...answer, alphas };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
