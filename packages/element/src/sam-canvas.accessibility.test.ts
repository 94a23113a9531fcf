/** `<sam-canvas>` by itself, as axe sees it. `sam-canvas.keyboard.test.ts` works on it by keys alone. */
import { browserHint, findingsOn, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { CanvasBrowser } from './fixtures/canvas-page.ts';

describe.skipIf(isBrowserMissing)(`<sam-canvas> for everybody${browserHint}`, () => {
  let browser: CanvasBrowser;

  beforeAll(async () => {
    browser = await CanvasBrowser.start();
  });
  afterEach(() => browser.expectNoErrors());
  afterAll(() => browser?.close());

  test.each(['light', 'dark'] as const)(
    'no serious finding in a %s page',
    { timeout: 60_000 },
    async (colorScheme) => {
      const canvas = await browser.open({ colorScheme, reducedMotion: 'reduce' });
      const { page } = canvas;
      const paper = colorScheme === 'dark' ? '#101214' : '#fff';
      await page.addStyleTag({
        content: `:root { color-scheme: ${colorScheme}; background: ${paper} }`,
      });
      const found: Record<string, string[]> = {};
      const look = async (state: string): Promise<void> => {
        found[state] = await findingsOn(page, '#main > sam-canvas');
      };

      await canvas.addReady({ alt: 'A red disc and a yellow bar' });
      await look('ready');
      await canvas.click(140, 150);
      await canvas.press('b');
      await canvas.drag([
        [70, 80],
        [210, 220],
      ]);
      const { prompts, candidates } = await canvas.look();
      expect(prompts).toHaveLength(2);
      expect(candidates).toBeGreaterThan(1);
      await look('prompts with handles');
      await canvas.press('Enter');
      await look('an object');

      await canvas.clear();
      await canvas.add({ src: 'nowhere.jpg' }, { drawn: false });
      await expect.poll(async () => (await canvas.look()).error).not.toBe('');
      await look('an error');

      await canvas.clear();
      await canvas.addReady({ disabled: '' });
      await look('disabled');
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((state) => [state, []])));
      await canvas.close();
    },
  );
});
