/** A picture for finding by words, and the way into the Studio's panel for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';

import type { StudioPage } from './studio-page.ts';

/** Where its two rectangles are, on grey. */
export const RED = { left: 60, top: 60, width: 160, height: 180 };
export const BLUE = { left: 340, top: 150, width: 180, height: 120 };

/** A file of its own, which goes with its folder. */
export async function writeScene(): Promise<{ readonly path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'samgpu-words-'));
  const path = join(folder, 'scene.png');
  const block = ({ width, height }: typeof RED, background: string) =>
    sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer();
  const canvas = sharp({
    create: { width: 600, height: 400, channels: 3, background: '#808080' },
  });
  await canvas
    .composite([
      { input: await block(RED, '#cd2d2d'), ...RED },
      { input: await block(BLUE, '#2d46cd'), ...BLUE },
    ])
    .png()
    .toFile(path);
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

/** Opens it, and the panel for words. */
export async function openScene({ page }: StudioPage, path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Open a picture/ }).click();
  await (await chooser).setFiles(path);
  await page.getByText(/^encoded in/).waitFor({ state: 'attached' });
  await page.getByRole('tab', { name: 'Find' }).click();
}
