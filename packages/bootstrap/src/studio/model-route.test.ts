import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { modelRoute } from './model-route.js';
import { type SiteServer, startSiteServer } from './site-server.js';

const WEIGHTS = 'the weights of a model';

let folder: string;
let upstream: Server;
let address: string;
const open: SiteServer[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'samgpu-models-'));
  writeFileSync(join(folder, 'a.pt'), WEIGHTS);
  writeFileSync(join(folder, 'secret.pt'), 'not published');
  upstream = createServer((request, response) => {
    const { range } = request.headers;
    const [, from] = /^bytes=(\d+)-$/.exec(range ?? '') ?? [];
    const rest = WEIGHTS.slice(Number(from ?? 0));
    response.writeHead(range === undefined ? 200 : 206, {
      'Content-Length': rest.length,
      'Set-Cookie': 'tracked=yes',
      ETag: '"1"',
    });
    response.end(rest);
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const place = upstream.address();
  address = `http://127.0.0.1:${typeof place === 'object' ? place?.port : ''}`;
});
afterAll(async () => {
  await Promise.all(open.map((server) => server.close()));
  upstream.closeAllConnections();
  upstream.close();
  rmSync(folder, { recursive: true });
});

async function serve(base?: string, asked: string[] = []): Promise<string> {
  const files = new Map([
    ['a.pt', `${address}/official/a.pt`],
    ['gone.pt', 'http://127.0.0.1:9/gone.pt'],
  ]);
  const route = modelRoute(files, { base, onFetch: (name, from) => asked.push(`${name} ${from}`) });
  const site = join(folder, 'site');
  const server = await startSiteServer(site, { headers: { 'X-Test': 'yes' }, port: 0, route });
  open.push(server);
  return server.url;
}

describe('weights for the page', () => {
  test('come from where they are published, whole or in part, when they are asked for', async () => {
    const asked: string[] = [];
    const url = await serve(undefined, asked);
    expect(asked).toEqual([]);
    const whole = await fetch(`${url}models/a.pt`);
    expect(await whole.text()).toBe(WEIGHTS);
    expect(Object.fromEntries(whole.headers)).toMatchObject({ etag: '"1"', 'x-test': 'yes' });
    expect(whole.headers.has('set-cookie')).toBe(false);
    const rest = await fetch(`${url}models/a.pt`, { headers: { Range: 'bytes=4-' } });
    expect([rest.status, await rest.text()]).toEqual([206, WEIGHTS.slice(4)]);
    expect(asked).toEqual([`a.pt ${new URL(address).host}`, `a.pt ${new URL(address).host}`]);
  });

  test('come from a folder or a mirror instead', async () => {
    for (const base of [folder, `${address}/mirror/`]) {
      expect(await (await fetch(`${await serve(base)}models/a.pt`)).text()).toBe(WEIGHTS);
    }
  });

  test('are no way to anything else', async () => {
    const url = await serve(folder);
    for (const path of ['models/secret.pt', 'models/../a.pt', 'models/', 'models/gone.pt']) {
      expect((await fetch(url + path)).status).toBe(404);
    }
    const foreign = { headers: { 'Sec-Fetch-Site': 'cross-site' } };
    expect((await fetch(`${url}models/a.pt`, foreign)).status).toBe(404);
  });

  test('of a server that is away are an error that names it', async () => {
    const answer = await fetch(`${await serve()}models/gone.pt`);
    expect([answer.status, await answer.text()]).toEqual([
      502,
      '127.0.0.1:9 could not be reached\n',
    ]);
  });
});
