/** On WebGPU, as Chromium's software adapter has it. */
import type { SamCanvas } from '@samgpu/element';
import { browserHint, isBrowserMissing, SOFTWARE_WEBGPU } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser } from './studio-page.ts';

/** What became of a device that the engine asked for. */
interface SeenDevice {
  /** Pieces of work that were handed to it. */
  submits: number;
  /** Why it went, once it has. */
  lost: string | null;
}

/** Runs in the engine's worker before its own code. */
function watchDevices(): void {
  const seen: SeenDevice[] = [];
  Object.assign(globalThis, { seenDevices: seen });
  const { prototype } = GPUAdapter;
  // oxlint-disable-next-line typescript/unbound-method -- it is called with an adapter below
  const original = prototype.requestDevice;
  prototype.requestDevice = async function requestDevice(descriptor) {
    const device = await original.call(this, descriptor);
    const record: SeenDevice = { submits: 0, lost: null };
    seen.push(record);
    const { queue } = device;
    const submit = queue.submit.bind(queue);
    queue.submit = (buffers) => {
      record.submits += 1;
      submit(buffers);
    };
    void device.lost.then(({ reason }) => {
      record.lost = reason;
    });
    return device;
  };
}

/** Adds that to the worker, whose script the page loads by itself. */
async function watch(page: Page): Promise<void> {
  await page.route('**/engine-worker-*.js', async (route) => {
    const response = await route.fetch();
    const body = `(${watchDevices.toString()})();\n${await response.text()}`;
    await route.fulfill({ response, body });
  });
}

async function devicesOf(page: Page): Promise<SeenDevice[]> {
  const seen = await Promise.all(
    page
      .workers()
      .map((worker) =>
        worker.evaluate(() => (globalThis as { seenDevices?: SeenDevice[] }).seenDevices ?? []),
      ),
  );
  return seen.flat();
}

function draftArea(page: Page): Promise<number> {
  return page.locator('sam-canvas').evaluate(async (element) => {
    const session = (element as SamCanvas).session!;
    await session.settled();
    return session.snapshot.draft?.mask.area ?? 0;
  });
}

describe.skipIf(isBrowserMissing)(`on a GPU${browserHint}`, { timeout: 150_000 }, () => {
  let browser: StudioBrowser;
  beforeAll(async () => {
    browser = await StudioBrowser.open(SOFTWARE_WEBGPU);
  }, 180_000);
  afterAll(() => browser?.close());

  test('a click, also after the process of the GPU crashed', async () => {
    const studio = await browser.visit('?backend=webgpu', {}, watch);
    const { page } = studio;
    await studio.openSample('Coffee');
    await page.getByText(/on the GPU/).waitFor();
    await studio.click(365, 290);
    const before = await draftArea(page);
    expect(before).toBeGreaterThan(1000);
    const [used, ...others] = await devicesOf(page);
    expect(used).toMatchObject({ lost: null });
    expect(used?.submits).toBeGreaterThan(1);
    expect(others).toEqual([]);

    const session = await browser.browser.newBrowserCDPSession();
    // It may answer no more.
    await session.send('Browser.crashGpuProcess').catch(() => undefined);
    await expect.poll(async () => (await devicesOf(page))[0]?.lost).toBe('unknown');
    await page.getByRole('button', { name: 'Drop' }).click();
    await studio.click(365, 290);
    expect(await draftArea(page)).toBe(before);
    const [lost, next] = await devicesOf(page);
    expect(lost?.lost).toBe('unknown');
    expect(next).toMatchObject({ lost: null });
    expect(next?.submits).toBeGreaterThan(1);
    await page.getByText(/on the GPU/).waitFor();
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});
