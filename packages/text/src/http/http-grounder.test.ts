import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type GrounderServer, serveColorGrounder } from '@samgpu/testing';
import type { PixelImage } from 'samgpu';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { httpGrounder } from './http-grounder.ts';

let colors: GrounderServer;
let server: Server | undefined;

beforeAll(async () => {
  colors = await serveColorGrounder();
});

afterAll(() => colors.close());

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A server that answers in its own way. */
async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function answering(status: number, body: string): Promise<string> {
  return serve((request, response) => {
    request.resume();
    response.writeHead(status).end(body);
  });
}

/** Grey with a red rectangle, x and y from a quarter to a half. */
function scene(width: number, height: number, channels: 3 | 4 = 3): PixelImage {
  const data = new Uint8Array(width * height * channels).fill(128);
  for (let y = height / 4; y < height / 2; y++) {
    for (let x = width / 4; x < width / 2; x++) data.set([205, 45, 45], (y * width + x) * channels);
  }
  if (channels === 4) for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return { width, height, channels, data };
}

describe('httpGrounder', () => {
  test.each([3, 4] as const)('finds by a server, in %i channels', async (channels) => {
    const grounder = httpGrounder(colors.url, { token: 'secret' });
    expect(grounder.name).toBe(new URL(colors.url).host);
    expect(await grounder.ground(scene(80, 40, channels), 'red', { minScore: 0.2 })).toEqual([
      { box: { x: 20, y: 10, width: 20, height: 10 }, score: 1, label: 'red' },
    ]);
    expect(colors.asked.at(-1)).toEqual({
      words: 'red',
      width: 80,
      height: 40,
      minScore: 0.2,
      authorization: 'Bearer secret',
      origin: undefined,
    });
  });

  test('large pictures are sent smaller, and boxes come back in their pixels', async () => {
    const picture = scene(1600, 800);
    const grounder = httpGrounder(colors.url, { maxSide: 400 });
    const found = await grounder.ground(picture, 'red', {});
    expect(found).toHaveLength(1);
    expect(colors.asked.at(-1)).toMatchObject({ width: 400, height: 200, minScore: undefined });
    // Within a pixel of what was sent.
    const wanted = { x: 400, y: 200, width: 400, height: 200 };
    for (const [side, value] of Object.entries(wanted)) {
      expect(Math.abs(found[0]!.box[side as 'x'] - value)).toBeLessThanOrEqual(4);
    }
  });

  test('what a server refuses is told in its words', async () => {
    const grounder = httpGrounder(await answering(503, '{"error": "no detector yet"}'));
    const asked = grounder.ground(scene(8, 8), 'red', {});
    await expect(asked).rejects.toMatchObject({ name: 'GrounderError', code: 'refused' });
    await expect(asked).rejects.toThrow('status 503: no detector yet');
    const plain = httpGrounder(await answering(404, `<html>${'x'.repeat(500)}`));
    await expect(plain.ground(scene(8, 8), 'red', {})).rejects.toThrow(/404: <html>x{194}…$/);
  });

  test.each([
    ['no JSON', '<html>'],
    ['no object', '[]'],
    ['null', 'null'],
    ['no list', '{"boxes": {}}'],
  ])('%s is no answer', async (_, body) => {
    const grounder = httpGrounder(await answering(200, body));
    const asked = grounder.ground(scene(8, 8), 'red', {});
    await expect(asked).rejects.toMatchObject({ code: 'invalid-answer' });
  });

  test('entries that are no boxes are left for whoever asked to refuse', async () => {
    const boxes = [null, { box: { x: '1', y: null } }, { score: 1 }];
    const grounder = httpGrounder(await answering(200, JSON.stringify({ boxes })), { maxSide: 4 });
    const found: readonly unknown[] = await grounder.ground(scene(8, 8), 'red', {});
    expect(found).toEqual([
      null,
      { box: { x: '1', y: null, width: undefined, height: undefined } },
      { score: 1 },
    ]);
  });

  test('a server that is not there', async () => {
    const url = await answering(200, '');
    server!.close();
    await once(server!, 'close');
    const asked = httpGrounder(url).ground(scene(8, 8), 'red', {});
    await expect(asked).rejects.toMatchObject({ code: 'unreachable' });
    await expect(asked).rejects.toThrow('start it');
  });

  test('a redirect is not followed: the picture goes to no other address', async () => {
    const before = colors.asked.length;
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(307, { Location: colors.url }).end();
    });
    const asked = httpGrounder(url).ground(scene(8, 8), 'red', {});
    await expect(asked).rejects.toMatchObject({ code: 'unreachable' });
    expect(colors.asked.length).toBe(before);
  });

  test.each<[string, RequestListener]>([
    ['says nothing', () => undefined],
    ['stops in the middle', (_, response) => response.writeHead(200).write('{"boxes": [')],
  ])('a server that %s takes too long, and can be given up', async (_, listener) => {
    const url = await serve(listener);
    const slow = httpGrounder(url, { timeout: 50 }).ground(scene(8, 8), 'red', {});
    await expect(slow).rejects.toMatchObject({ code: 'timeout' });
    const controller = new AbortController();
    const asked = httpGrounder(url).ground(scene(8, 8), 'red', { signal: controller.signal });
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 30);
    await expect(asked).rejects.toBe(reason);
  });

  test('pictures and answers that are too large', async () => {
    const url = await answering(200, `{"boxes": []${' '.repeat(1000)}}`);
    const answer = httpGrounder(url, { maxAnswerBytes: 100 }).ground(scene(8, 8), 'red', {});
    await expect(answer).rejects.toMatchObject({ code: 'too-large' });
    const picture = httpGrounder(url, { maxPictureBytes: 20 }).ground(scene(8, 8), 'red', {});
    await expect(picture).rejects.toThrow('lower maxSide');
  });

  test.each(['nowhere', 'file:///etc/passwd', 'http://me:secret@127.0.0.1/', ''])(
    '%j is no address',
    (address) => {
      expect(() => httpGrounder(address)).toThrow('wanted http:// or https://');
    },
  );

  test('limits are numbers', () => {
    expect(() => httpGrounder(colors.url, { timeout: Number.NaN })).toThrow('timeout is NaN');
    expect(() => httpGrounder(colors.url, { maxSide: 0 })).toThrow('maxSide is 0');
  });
});
