/** Who may use a server, and what it makes of requests that are none. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { nano } from '@samgpu/nano';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createEngine, createHttpEngine, type Engine, Session } from '../index.ts';
import { createEngineHandler } from './create-engine-handler.ts';

const PAGE = 'https://editor.example';
const TOKEN = 'a secret';
const SQUARE = {
  width: 64,
  height: 48,
  channels: 3,
  data: Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) =>
    Math.floor(i / 3) % 64 > 20 && Math.floor(i / 3) % 64 < 40 ? 220 : 30,
  ),
} as const;

let engine: Engine;
let server: Server;
let port: number;

beforeAll(async () => {
  engine = createEngine({ variants: [nano], segmenter: { backend: 'onnx' } });
  const handler = createEngineHandler(engine, {
    origins: [PAGE],
    token: TOKEN,
    maxBytes: 100_000,
    maxImages: 2,
  });
  server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.close();
  engine.dispose();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** `fetch` would not let a test say which host and origin it is. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array,
): Promise<Answer> {
  const authorization = `Bearer ${TOKEN}`;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: { authorization, ...headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('who is let in', () => {
  test.each<[string, Record<string, string>, number]>([
    ['a program', {}, 200],
    ['a page that is allowed', { origin: PAGE }, 200],
    ['another page', { origin: 'https://evil.example' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['an image of another page', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page that made a name of its own point here', { host: 'evil.example' }, 403],
    ['the same by another port', { host: 'localhost:1234' }, 200],
    ['somebody without the token', { authorization: 'Bearer a guess' }, 403],
    ['somebody with part of it', { authorization: 'Bearer a' }, 403],
  ])('%s', async (_, headers, status) => {
    const answer = await send('GET', '/v1/models', headers);
    expect(answer.status).toBe(status);
    const event = JSON.parse(answer.body) as { kind: string; error?: { code: string } };
    expect(event.kind).toBe(status === 200 ? 'result' : 'error');
    expect(event.error?.code).toBe(status === 200 ? undefined : 'refused');
    expect(answer.headers['access-control-allow-origin']).toBe(
      status === 200 ? headers['origin'] : undefined,
    );
  });

  test('browsers may ask first, without the token', async () => {
    const answer = await send('OPTIONS', '/v1/images', {
      authorization: '',
      origin: PAGE,
      'access-control-request-method': 'POST',
      'access-control-request-private-network': 'true',
    });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-headers': 'Content-Type, Authorization',
      'access-control-allow-private-network': 'true',
      vary: 'Origin',
    });
    expect((await send('OPTIONS', '/v1/images', { origin: 'https://evil.example' })).status).toBe(
      403,
    );
  });
});

describe('what is no call', () => {
  test.each<[string, string, Record<string, string>, string | number, number]>([
    ['GET', '/', {}, '', 404],
    ['GET', '/v1/nothing', {}, '', 404],
    ['PUT', '/v1/models', JSON_TYPE, '{}', 404],
    ['POST', '/v1/models', {}, '{"name":"nano"}', 415],
    ['POST', '/v1/models', { 'content-type': 'text/plain' }, '{"name":"nano"}', 415],
    ['POST', '/v1/models', JSON_TYPE, '{"name"', 400],
    ['POST', '/v1/models', JSON_TYPE, '[]', 400],
    ['POST', '/v1/models', JSON_TYPE, '{"name":"nano","backend":"/etc/passwd"}', 400],
    ['POST', '/v1/models', JSON_TYPE, '{"name":"mega"}', 404],
    ['POST', '/v1/images?model=model-9', {}, 10, 404],
    ['POST', '/v1/images?model=model-9', {}, 200_000, 413],
    ['POST', '/v1/images/image-9/segment', JSON_TYPE, '[{"points":[{"x":1,"y":1}]}]', 404],
    ['POST', '/v1/images/image-9/segment', JSON_TYPE, '[]', 400],
    ['POST', '/v1/images/image-9/segment', JSON_TYPE, '[{"points":[1]}]', 400],
    ['POST', '/v1/images/image-9/segment', JSON_TYPE, '[{"mask":{"rle":{}}}]', 400],
    ['POST', '/v1/images/image-9/segment', JSON_TYPE, '[{"mask":{"data":{"f32":"AAA="}}}]', 400],
    ['POST', '/v1/images/image-9/segment', JSON_TYPE, '[{"mask":{"data":{"f32":"!"}}}]', 400],
    ['POST', '/v1/models/model-9/segment', JSON_TYPE, '[{"points":[{"x":1,"y":1}]}]', 404],
    ['POST', '/v1/images/image-9/else', JSON_TYPE, '[]', 404],
    ['POST', '/v1/images/%zz/segment', JSON_TYPE, '[]', 400],
    ['POST', '/v1/images/a/b/c', JSON_TYPE, '[]', 404],
  ])('%s %s %j %s', async (method, path, headers, body, status) => {
    const content = typeof body === 'number' ? new Uint8Array(body) : body;
    const answer = await send(method, path, headers, content);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'error' });
  });

  test('pixels that do not fit their size', async () => {
    const path = '/v1/images?model=model-9&width=4&height=4&channels=3';
    const type = { 'content-type': 'application/x-samgpu-pixels' };
    const answer = await send('POST', path, type, new Uint8Array(47));
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('47 bytes');
  });
});

test('plain HTTP is enough: load, encode, segment', async () => {
  const loaded = await send('POST', '/v1/models', JSON_TYPE, '{"name":"nano"}');
  const last = (text: string): { kind: string; result: { id: string } } =>
    JSON.parse(text.trim().split('\n').at(-1)!) as never;
  const { id } = last(loaded.body).result;
  const encoded = await send(
    'POST',
    `/v1/images?model=${id}&width=64&height=48&channels=3`,
    { 'content-type': 'application/x-samgpu-pixels' },
    SQUARE.data,
  );
  expect(last(encoded.body)).toMatchObject({ kind: 'result', result: { width: 64, height: 48 } });
  const picture = last(encoded.body).result.id;
  const prompt = '[{ "points": [{ "x": 30, "y": 24 }], "answers": "clear" }]';
  const answer = await send('POST', `/v1/images/${picture}/segment`, JSON_TYPE, prompt);
  const rles = Array.from({ length: 4 }, () => ({ mask: { rle: { size: [48, 64] } } }));
  expect(last(answer.body).result).toMatchObject({ candidates: rles });
  expect((await send('DELETE', `/v1/images/${picture}`)).status).toBe(204);
  expect((await send('POST', `/v1/images/${picture}/segment`, JSON_TYPE, prompt)).status).toBe(404);
});

test('a page that the server does not know, or that has no token, is told so', async () => {
  const http = createHttpEngine(`http://127.0.0.1:${port}`);
  await expect(http.models()).rejects.toMatchObject({ code: 'refused' });
  http.dispose();
  const nowhere = createHttpEngine('http://127.0.0.1:9');
  await expect(nowhere.models()).rejects.toMatchObject({ code: 'engine-lost' });
  nowhere.dispose();
});

test('an image that the server dropped is encoded again by itself', async () => {
  const http = createHttpEngine(`http://127.0.0.1:${port}`, { token: TOKEN });
  using session = new Session({ engine: http });
  await Promise.all([session.load('nano'), session.open(SQUARE)]);
  // Others use it: only two images stay.
  const { id } = await http.load({ name: 'nano' });
  const others = [await http.encode(id, SQUARE), await http.encode(id, SQUARE)];
  session.addPoint({ x: 30, y: 24 });
  await expect.poll(() => session.snapshot.draft?.mask.contains(30, 24)).toBe(true);
  expect(session.snapshot.error).toBeNull();
  for (const { id } of others) http.release(id);
  http.release(id);
});
