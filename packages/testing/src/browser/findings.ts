import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What would keep somebody out: findings of axe that it calls serious or critical.
 *
 * @param selector - of what is looked at; default: the page
 */
export async function findingsOn(page: Page, selector?: string): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (selector) =>
      (globalThis as unknown as { axe: { run(on: unknown): Promise<AxeResults> } }).axe.run(
        selector ?? document,
      ),
    selector,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
