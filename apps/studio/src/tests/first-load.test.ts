/** What the first visit has to wait for, in the real build. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { beforeAll, describe, expect, test } from 'vitest';

import {
  prepareStudio,
  studioSite,
} from '../../../../packages/bootstrap/src/studio/prepare-studio.js';

/**
 * Kilobytes of gzip. React, react-aria's buttons, the session and the start screen were 146 when this was
 * set. What should come later is larger than what is left: the engine 47, menus and tabs 40, `<sam-canvas>`
 * with its panels 36, dialogs 28, readers of files 16.
 */
const SCRIPTS = 160;
/** Of gzip, too: 3.3 when this was set, and the workspace's styles are 4. */
const STYLES = 6;

describe('the first load', () => {
  let page: string;
  beforeAll(async () => {
    await prepareStudio();
    page = await readFile(join(studioSite, 'index.html'), 'utf8');
  }, 180_000);

  /** Files of one kind that the page names: its script with all that it imports, and styles. */
  const named = (ending: string): string[] =>
    page.match(/assets\/[^"]+/g)?.filter((name) => name.endsWith(ending)) ?? [];

  async function kilobytes(names: readonly string[]): Promise<number> {
    expect(names.length).toBeGreaterThan(0);
    const files = await Promise.all(names.map((name) => readFile(join(studioSite, name))));
    return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0) / 1000;
  }

  test('is light, and stays so', async () => {
    expect(await kilobytes(named('.js'))).toBeLessThan(SCRIPTS);
    expect(await kilobytes(named('.css'))).toBeLessThan(STYLES);
  });

  test('names all that its script imports, so that nothing is counted out', async () => {
    const scripts = named('.js');
    for (const script of scripts) {
      const code = await readFile(join(studioSite, script), 'utf8');
      const statements = code.match(/(?:^|;)import(?:[^"'();]*from)?["']\.\/[^"']+/g) ?? [];
      for (const statement of statements) {
        expect(scripts).toContain(statement.replace(/^.*["']\.\//s, 'assets/'));
      }
    }
  });
});
