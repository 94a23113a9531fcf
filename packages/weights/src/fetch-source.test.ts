import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type FetchProgress, fetchSource, openSafetensors, writeSafetensors } from './index.ts';

const file = writeSafetensors([
  ['a', { dtype: 'u8', shape: [300_000], bytes: new Uint8Array(300_000).fill(7) }],
]);

const answers: Record<string, RequestListener> = {
  '/whole': (_, response) => {
    response.setHeader('content-length', file.length);
    response.end(file);
  },
  '/chunked': (_, response) => {
    for (let i = 0; i < file.length; i += 65_536) {
      response.write(file.subarray(i, i + 65_536));
    }
    response.end();
  },
  '/gzip': (_, response) => {
    const packed = gzipSync(file);
    response.setHeader('content-encoding', 'gzip');
    response.setHeader('content-length', packed.length);
    response.end(packed);
  },
  '/broken': (_, response) => {
    response.setHeader('content-length', file.length);
    response.write(file.subarray(0, 1000), () => response.destroy());
  },
  '/short': (_, response) => {
    response.end(file.subarray(0, -1));
  },
  '/stuck': (_, response) => {
    response.write(file.subarray(0, 1000));
  },
  '/huge': (_, response) => {
    response.setHeader('content-length', 2 ** 49);
    response.write(file);
  },
  '/empty': (_, response) => {
    response.statusCode = 204;
    response.end();
  },
  '/login': (request, response) => {
    response.statusCode = request.headers.authorization === 'Bearer key' ? 200 : 401;
    response.end(file);
  },
};

let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = answers[request.url?.split('?', 1).at(0) ?? ''];
    if (answer === undefined) {
      response.writeHead(404).end('no such file');
    } else {
      answer(request, response);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

describe('fetchSource', () => {
  test.each([
    { path: '/whole', total: file.length },
    { path: '/chunked', total: undefined },
    { path: '/gzip', total: undefined },
  ])('loads $path and reports progress', async ({ path, total }) => {
    const steps: FetchProgress[] = [];
    const source = await fetchSource(origin + path, { onProgress: (step) => steps.push(step) });
    expect(Buffer.compare(await source.read(0, source.size), file)).toBe(0);
    expect(steps.at(0)).toEqual({ loaded: 0, total });
    expect(steps.at(-1)).toEqual({ loaded: file.length, total });
    const loaded = steps.map((step) => step.loaded);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    // Nothing but the file is kept in memory.
    expect(source.bytes?.buffer.byteLength).toBe(file.length);
    const store = await openSafetensors(source);
    expect((await store.read('a')).every((value) => value === 7)).toBe(true);
  });

  test('takes an empty answer for an empty file', async () => {
    expect((await fetchSource(`${origin}/empty`)).size).toBe(0);
  });

  test('passes headers on', async () => {
    const init = { headers: { authorization: 'Bearer key' } };
    expect((await fetchSource(`${origin}/login`, { init })).size).toBe(file.length);
    await expect(fetchSource(`${origin}/login`)).rejects.toMatchObject({ code: 'fetch-failed' });
  });

  test('names status and address, but no secrets, if the file is not there', async () => {
    const error: unknown = await fetchSource(`${origin}/none?token=secret#part`).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      name: 'WeightsError',
      code: 'fetch-failed',
      message: `"${origin}/none" answered with status 404 Not Found, expected 200`,
    });
  });

  test('fails where the connection breaks', async () => {
    await expect(fetchSource(`${origin}/broken`)).rejects.toMatchObject({
      name: 'WeightsError',
      code: 'fetch-failed',
      message: expect.stringContaining(`cannot load "${origin}/broken"`),
    });
  });

  test('fails where no server listens', async () => {
    await expect(fetchSource('http://127.0.0.1:1/a')).rejects.toMatchObject({
      code: 'fetch-failed',
    });
  });

  test('fails where the server announces more than fits', async () => {
    await expect(fetchSource(`${origin}/huge`)).rejects.toMatchObject({
      code: 'fetch-failed',
      message: expect.stringContaining(`${2 ** 49} bytes`),
    });
  });

  test('leaves it to the reader to notice an end that the server took for the right one', async () => {
    const source = await fetchSource(`${origin}/short`);
    await expect(openSafetensors(source)).rejects.toMatchObject({ code: 'truncated' });
  });

  test('stops when aborted, with the reason that was given', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const loading = fetchSource(`${origin}/stuck`, {
      signal: controller.signal,
      onProgress: ({ loaded }) => {
        if (loaded > 0) {
          controller.abort(reason);
        }
      },
    });
    await expect(loading).rejects.toBe(reason);
  });
});
