import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { grounderRoute } from './grounder-route.js';
import { type SiteServer, startSiteServer } from './site-server.js';

const ANSWER = '{"boxes":[]}';

let detector: Server;
let address: string;
const asked: { body: string; headers: IncomingHttpHeaders }[] = [];
const open: SiteServer[] = [];

beforeAll(async () => {
  detector = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => void (body += part.toString()));
    request.on('end', () => {
      asked.push({ body, headers: request.headers });
      if (request.url === '/moved') response.writeHead(307, { Location: '/' });
      else if (request.url === '/busy') response.writeHead(503);
      response.end(ANSWER);
    });
  });
  await new Promise<void>((resolve) => detector.listen(0, '127.0.0.1', resolve));
  const place = detector.address();
  address = `http://127.0.0.1:${typeof place === 'object' ? place?.port : ''}`;
});
afterAll(async () => {
  await Promise.all(open.map((server) => server.close()));
  detector.closeAllConnections();
  detector.close();
});

async function serve(grounder?: string, token?: string): Promise<string> {
  const service = grounderRoute(grounder, { token });
  // Nothing in that folder is asked for.
  const server = await startSiteServer(tmpdir(), { headers: {}, port: 0, service });
  open.push(server);
  return server.url;
}

function post(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}grounder`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: '{"words":"cup"}',
  });
}

describe('a detector behind the Studio', () => {
  test('is asked in the name of the page, with the token that the page does not know', async () => {
    const url = await serve(address, 'secret');
    const settings = (await (await fetch(`${url}grounder.json`)).json()) as object;
    expect(settings).toEqual({ address: 'grounder', name: new URL(address).host });
    const answer = await post(url, { Cookie: 'private=yes', Origin: url.replace(/\/$/, '') });
    expect([answer.status, await answer.text()]).toEqual([200, ANSWER]);
    const { body, headers } = asked.at(-1)!;
    expect(body).toBe('{"words":"cup"}');
    expect(headers.authorization).toBe('Bearer secret');
    expect([headers.cookie, headers.origin, headers.referer]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('is not there unless it was named', async () => {
    const url = await serve();
    expect((await post(url)).status).toBe(405);
  });

  test('is set to work by no other page, and by no form', async () => {
    const url = await serve(address);
    const before = asked.length;
    expect((await post(url, { Origin: 'http://other.test' })).status).toBe(403);
    expect((await post(url, { Origin: 'null' })).status).toBe(403);
    expect((await post(url, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await post(url, { 'Content-Type': 'text/plain' })).status).toBe(403);
    expect((await fetch(`${url}grounder`)).status).toBe(404);
    expect(asked).toHaveLength(before);
  });

  test('says what is wrong with it', async () => {
    const gone = await post(await serve('http://127.0.0.1:9/'));
    expect(gone.status).toBe(502);
    expect(await gone.json()).toEqual({
      error: 'the detector at 127.0.0.1:9 cannot be reached; start it',
    });
    const busy = await post(await serve(`${address}/busy`));
    expect([busy.status, await busy.text()]).toEqual([503, ANSWER]);
    const moved = await post(await serve(`${address}/moved`));
    expect(moved.status).toBe(502);
    expect(() => grounderRoute('127.0.0.1:9000')).toThrow('wanted an address such as');
    expect(() => grounderRoute('file:///etc/passwd')).toThrow('wanted an address such as');
  });
});
