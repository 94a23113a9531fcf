/** Where words find nothing, and where there is nothing to find them with. */
import { serveColorGrounder } from '@samgpu/testing';
import { browserHint, findingsOn, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser } from './studio-page.ts';
import { openScene, writeScene } from './words-scene.ts';

describe.skipIf(isBrowserMissing)(`by words${browserHint}`, { timeout: 120_000 }, () => {
  let scene: Awaited<ReturnType<typeof writeScene>>;
  beforeAll(async () => {
    scene = await writeScene();
  });
  afterAll(() => scene?.remove());

  test('what is not there, and a detector that is gone, are told', async () => {
    const other = await serveColorGrounder();
    const own = await StudioBrowser.open([], undefined, undefined, { grounder: other.url });
    try {
      const studio = await own.visit();
      const { page } = studio;
      await openScene(studio, scene.path);
      const field = page.getByRole('textbox', { name: 'What to look for' });
      await field.fill('a green thing');
      await field.press('Enter');
      await page.getByText('Nothing was found for “a green thing”.').waitFor();
      await other.close();
      await field.press('Enter');
      const notices = page.getByRole('region', { name: 'Notices' });
      await notices.getByText(/cannot be reached; start it/).waitFor();
      const again = page.getByRole('button', { name: 'Find', exact: true });
      expect(await again.isEnabled()).toBe(true);
      expect(studio.failures).toEqual([]);
      await studio.close();
    } finally {
      await own.close();
    }
  });

  test('without a detector the field says what is needed', async () => {
    const plain = await StudioBrowser.open();
    try {
      const studio = await plain.visit();
      const { page } = studio;
      await openScene(studio, scene.path);
      const field = page.getByRole('textbox', { name: 'What to look for' });
      expect(await field.isDisabled()).toBe(true);
      await page.getByText('npm run studio -- --grounder').waitFor();
      expect(await findingsOn(page)).toEqual([]);
      expect({ foreign: studio.foreign, failures: studio.failures }).toEqual({
        foreign: [],
        failures: [],
      });
      await studio.close();
    } finally {
      await plain.close();
    }
  });
});
