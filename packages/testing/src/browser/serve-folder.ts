import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import type { Page } from 'playwright-core';

/** Where {@link serveFolder} serves: a secure context, as WebGPU, WebCodecs and locks need. */
export const ORIGIN = 'http://localhost';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.mp4': 'video/mp4',
  '.wasm': 'application/wasm',
  '.webm': 'video/webm',
};

/** By the name's end. */
export function mediaTypeOf(path: string): string {
  return TYPES[extname(path)] ?? 'application/octet-stream';
}

/**
 * Answers a page's requests to {@link ORIGIN} with the files of a folder. Nothing listens there.
 *
 * @param others - files from elsewhere, by their path on the site
 */
export async function serveFolder(
  page: Page,
  folder: string,
  others: Readonly<Record<string, string>> = {},
): Promise<void> {
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const path = others[pathname] ?? join(folder, pathname === '/' ? 'index.html' : pathname);
    const body = await readFile(path).catch(() => undefined);
    const contentType = mediaTypeOf(path);
    // Frames without an origin of their own are strangers to it.
    const headers = { 'access-control-allow-origin': '*' };
    await route.fulfill(body === undefined ? { status: 404 } : { contentType, body, headers });
  });
}
