import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type SiteServer, startSiteServer } from './site-server.js';

let parent: string;
let server: SiteServer;

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'samgpu-site-'));
  const folder = join(parent, 'site');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(parent, 'secret.txt'), 'not to be read');
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets/a-1234.wasm'), 'wasm');
  server = await startSiteServer(folder, { headers: { 'X-Test': 'yes' }, port: 0 });
});
afterAll(async () => {
  await server?.close();
  rmSync(parent, { recursive: true });
});

/** As a client that does not tidy paths up. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { hostname, port } = new URL(server.url);
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      request({ hostname, port, path, method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => void (body += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      })
        .once('error', reject)
        .end();
    },
  );
}

describe('a site on this machine', () => {
  test('serves pages with their headers and media types', async () => {
    expect(await get('/?any=thing')).toMatchObject({
      status: 200,
      headers: { 'x-test': 'yes', 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html>',
    });
    expect(await get('/assets/a-1234.wasm')).toMatchObject({
      headers: {
        'content-type': 'application/wasm',
        'cache-control': 'max-age=31536000, immutable',
      },
    });
    expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/index.html%00',
    '/%',
    '/assets',
    '/none',
  ])('has nothing at %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: '404\n' });
  });

  test('answers no other method, and nobody who took it for another site', async () => {
    expect(await get('/', {}, 'POST')).toMatchObject({ status: 405 });
    expect(await get('/', { Host: 'evil.example' })).toMatchObject({ status: 403 });
  });
});
