/**
 * The Studio in Chromium, as `npm run studio` serves it: how long a click takes to show its mask, how
 * previews follow the pointer, and what a first visit loads before there is something to see.
 */
import { gzipSync } from 'node:zlib';

import { SOFTWARE_WEBGPU } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

import { StudioBrowser, type StudioPage } from '../../../apps/studio/src/tests/studio-page.ts';
import { describeMachine } from '../machine.ts';
import { type Figure, reportFigures } from '../results.ts';
import { spreadOf } from '../statistics.ts';
import { SAMPLE_PHOTO } from '../workspace.ts';
import { clickTimes, followPointer, type Place, watchPointing } from './pointing-times.ts';

/** A click shows its mask within this, on two cores without a GPU. */
const MOST_FOR_A_CLICK = 150;

/** Previews that come later than this are seen to lag. */
const MOST_FOR_A_PREVIEW = 100;

const CLICKS = 20;

/** Sample photographs, in pixels. */
const SIDES: Readonly<Record<string, readonly [width: number, height: number]>> = {
  '0.2 megapixels': [600, 400],
  '12 megapixels': [4200, 2800],
};

async function openPhoto(studio: StudioPage, [width, height]: readonly [number, number]) {
  const buffer = await sharp(SAMPLE_PHOTO).resize(width, height, { fit: 'fill' }).jpeg().toBuffer();
  const { page } = studio;
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open a picture' }).click();
  await (await choosing).setFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
  await studio.whenReady();
  await watchPointing(page);
}

/** Places all over a picture, none twice. */
function placesIn([width, height]: readonly [number, number]): Place[] {
  return Array.from({ length: CLICKS }, (_, i) => [
    Math.round(width * (0.1 + 0.8 * ((i * 0.618) % 1))),
    Math.round(height * (0.1 + (0.8 * (i + 0.5)) / CLICKS)),
  ]);
}

async function measurePointing(
  browser: StudioBrowser,
  backend: 'onnx' | 'webgpu',
  title: string,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, size] of Object.entries(SIDES)) {
    const studio = await browser.visit(`?backend=${backend}`);
    const { page } = studio;
    await openPhoto(studio, size);
    const toPage = (x: number, y: number) => studio.toPage(x, y);
    const times = await clickTimes(page, placesIn(size), toPage);
    // The first one also pays for what is prepared once.
    const { median, p10, p90 } = spreadOf(times.slice(1));
    figures.push({
      name: `${title}, ${name}: click to mask on the screen`,
      unit: 'ms',
      value: median,
      ...(backend === 'onnx' && { limit: MOST_FOR_A_CLICK }),
      p10,
      p90,
    });
    const [width, height] = size;
    const line = [
      [width * 0.1, height * 0.3],
      [width * 0.9, height * 0.7],
    ] as const;
    const { lags, previewsPerSecond } = await followPointer(page, line, 4, toPage);
    const lag = spreadOf(lags);
    figures.push(
      {
        name: `${title}, ${name}: pointer to preview on the screen`,
        unit: 'ms',
        value: lag.median,
        ...(backend === 'webgpu' && { limit: MOST_FOR_A_PREVIEW }),
        p10: lag.p10,
        p90: lag.p90,
      },
      { name: `${title}, ${name}: previews while it moves`, unit: '/s', value: previewsPerSecond },
    );
    if (studio.failures.length > 0) throw new Error(studio.failures.join('\n'));
    await studio.close();
  }
  return figures;
}

/** Scripts and styles that are asked for until the start screen can be used, as a server would send them. */
async function firstLoad(browser: StudioBrowser): Promise<Figure> {
  const bodies: Promise<number>[] = [];
  const note = (page: Page): void => {
    page.on('response', (response) => {
      if (!/\.(?:js|css|html)$|\/$/.test(new URL(response.url()).pathname)) return;
      bodies.push(response.body().then((body) => gzipSync(body).length));
    });
  };
  const studio = await browser.visit('?backend=onnx', {}, async (page) => note(page));
  await studio.page.getByRole('button', { name: /^Coffee/ }).waitFor();
  const bytes = (await Promise.all(bodies)).reduce((sum, size) => sum + size, 0);
  await studio.close();
  return { name: 'page until the start screen, gzipped', unit: 'kB', value: bytes / 1000 };
}

export async function benchStudio({ json }: { readonly json: boolean }): Promise<void> {
  const figures: Figure[] = [];
  const plain = await StudioBrowser.open();
  try {
    figures.push(await firstLoad(plain), ...(await measurePointing(plain, 'onnx', 'WASM')));
  } finally {
    await plain.close();
  }
  const gpu = await StudioBrowser.open(SOFTWARE_WEBGPU);
  try {
    figures.push(...(await measurePointing(gpu, 'webgpu', 'WebGPU on SwiftShader')));
  } finally {
    await gpu.close();
  }
  reportFigures(
    {
      what: 'studio',
      date: new Date().toISOString(),
      machine: describeMachine(['onnxruntime-web', 'playwright-core']),
      figures,
    },
    { json },
  );
}
