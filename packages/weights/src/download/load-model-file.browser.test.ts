/** Downloads and caches of a page in a real browser, from servers of its own site and of another. */
import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import {
  browserHint,
  isBrowserMissing,
  launchBrowser,
  SOURCE_CONDITIONS,
} from '@samgpu/testing/browser';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type * as Weights from '../index.ts';
import { type Behaviour, type ModelServer, startModelServer } from './fixtures/model-server.ts';

declare global {
  var weights: typeof Weights;
}

interface Job {
  readonly url: string;
  readonly sha256?: string;
  /** `explicit` is the usual cache, but chosen by the caller. */
  readonly cache?: 'default' | 'explicit';
  /** Aborts once so many bytes have arrived. */
  readonly abortAt?: number;
}

interface Outcome {
  /** SHA-256 of what was loaded. */
  readonly sha256?: string;
  readonly identity?: string | undefined;
  readonly error?: { readonly code: unknown; readonly message: string };
  readonly warnings: readonly string[];
  readonly resumed: number;
  readonly phases: readonly string[];
}

const content = new Uint8Array(randomBytes(300_000));
const sha256 = hex(content);

function hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Runs in the page, or in a worker of it. */
async function work(job: Job): Promise<Outcome> {
  const { loadModelFile, openModelCache } = weights;
  const { url, sha256, abortAt = Infinity, cache = 'default' } = job;
  const controller = new AbortController();
  const warnings: string[] = [];
  const phases = new Set<string>();
  let resumed = 0;
  try {
    const source = await loadModelFile(
      { url, ...(sha256 && { sha256 }) },
      {
        cache: cache === 'explicit' ? await openModelCache() : cache,
        retry: { delay: 1 },
        signal: controller.signal,
        onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`),
        onProgress: (progress) => {
          phases.add(progress.phase);
          resumed = progress.resumed;
          if (progress.loaded >= abortAt) controller.abort(new Error('left'));
        },
      },
    );
    const bytes = (await source.read(0, source.size)) as Uint8Array<ArrayBuffer>;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return {
      sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
      identity: source.identity,
      warnings,
      resumed,
      phases: [...phases],
    };
  } catch (cause) {
    const { code, message } = cause as { code: unknown; message: string };
    return { error: { code, message }, warnings, resumed, phases: [...phases] };
  }
}

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: [...SOURCE_CONDITIONS] },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('../index.ts', import.meta.url)),
        name: 'weights',
        formats: ['iife'],
      },
    },
  });
  const [output] = result as Rolldown.RolldownOutput[];
  return output!.output[0].code;
}

describe.skipIf(isBrowserMissing)(`loadModelFile in Chromium${browserHint}`, () => {
  let code: string;
  let browser: Browser;
  let context: BrowserContext;
  let server: ModelServer;
  const others: ModelServer[] = [];

  beforeAll(async () => {
    code = await bundle();
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    context = await browser.newContext();
    server = await start({});
  });
  afterEach(async () => {
    await context.close();
    await Promise.all(others.splice(0).map((other) => other.close()));
  });

  /** A server with an empty page at its root, which its log leaves out. */
  async function start(changes: Partial<Behaviour>): Promise<ModelServer> {
    const { handle = () => false } = changes;
    const started = await startModelServer({
      content,
      ...changes,
      handle: (request, response) => {
        if (request.url !== '/') return handle(request, response);
        started.log.pop();
        response.writeHead(200, { 'content-type': 'text/html' });
        // Without an icon of its own the browser asks for one.
        response.end('<!doctype html><link rel="icon" href="data:,">');
        return true;
      },
    });
    others.push(started);
    return started;
  }

  async function open(before?: () => void): Promise<Page> {
    const page = await context.newPage();
    if (before) await page.addInitScript(before);
    await page.goto(new URL('/', server.url).href);
    await page.addScriptTag({ content: code });
    return page;
  }

  const kindOf = (page: Page): Promise<string> =>
    page.evaluate(async () => (await weights.openModelCache()).kind);

  test('the bundle holds nothing of Node', () => {
    expect(code).toContain('getDirectory');
    expect(code).not.toMatch(/node:|require\(|process\.|import\(/);
  });

  const denyFiles = (): void => {
    StorageManager.prototype.getDirectory = () =>
      Promise.reject(new DOMException('denied', 'SecurityError'));
  };

  test.each([
    { kind: 'opfs', before: () => undefined },
    { kind: 'cache-api', before: denyFiles },
  ])('$kind keeps a file for the next visit, and removes it', async ({ kind, before }) => {
    let page = await open(before);
    expect(await kindOf(page)).toBe(kind);
    const job = { url: server.url, sha256 };
    const first = await page.evaluate(work, job);
    expect(first).toMatchObject({ sha256, warnings: [] });
    await page.close();
    page = await open(before);
    const second = await page.evaluate(work, job);
    expect(second).toMatchObject({ sha256, phases: ['checking', 'done'] });
    expect(second.identity).toBe(first.identity);
    expect(server.log).toHaveLength(1);
    const listed = await page.evaluate(async () => {
      const cache = await weights.openModelCache();
      const [entry] = await cache.list();
      const size = await cache.size();
      const removed = [await cache.remove(entry!.key), await cache.remove(entry!.key)];
      return { entry, size, removed, left: await cache.list() };
    });
    expect(listed.entry).toMatchObject({
      name: 'model.safetensors',
      url: server.url,
      complete: true,
    });
    // The manifest counts too.
    expect(listed.size - content.length).toBeGreaterThan(0);
    expect(listed.size - content.length).toBeLessThan(1000);
    expect(listed.removed).toEqual([true, false]);
    expect(listed.left).toEqual([]);
  });

  test.each([
    { kind: 'opfs', before: () => undefined },
    { kind: 'cache-api', before: denyFiles },
  ])('$kind keeps the part of a download that was aborted', async ({ before }) => {
    const job = { url: server.url, sha256 };
    let page = await open(before);
    server.behaviour.pause = 5;
    const stopped = await page.evaluate(work, { ...job, abortAt: 100_000 });
    expect(stopped.error?.message).toBe('left');
    await page.close();
    server.behaviour.pause = 0;
    page = await open(before);
    const { resumed, ...outcome } = await page.evaluate(work, job);
    expect(outcome.sha256).toBe(sha256);
    expect(resumed).toBeGreaterThanOrEqual(100_000);
    expect(server.log[1]).toMatchObject({ range: `bytes=${resumed}-`, ifRange: '"one"' });
  });

  test('a page that is closed in the middle loses a segment of 16 MiB at most', async () => {
    const large = new Uint8Array(40 * 2 ** 20).map((_, i) => i >> 12);
    let isStuck = true;
    server = await start({
      content: large,
      cuts: [35 * 2 ** 20],
      // What follows the cut does not come before the page is closed.
      handle: ({ headers }) => isStuck && headers.range !== undefined,
    });
    const job = { url: server.url, sha256: hex(large) };
    let page = await open();
    const running = page.evaluate(work, job).catch(() => undefined);
    await expect.poll(() => server.log.length, { timeout: 30_000 }).toBe(2);
    await page.close();
    await running;
    isStuck = false;
    page = await open();
    const outcome = await page.evaluate(work, job);
    expect(outcome.sha256).toBe(job.sha256);
    expect(outcome.resumed).toBe(2 * 2 ** 24);
  });

  test('two pages at once download a file once', async () => {
    server.behaviour.pause = 5;
    const pages = await Promise.all([open(), open()]);
    const outcomes = await Promise.all(
      pages.map((page) => page.evaluate(work, { url: server.url, sha256 })),
    );
    expect(outcomes.map((outcome) => outcome.sha256)).toEqual([sha256, sha256]);
    expect(outcomes.filter(({ phases }) => phases.includes('waiting'))).toHaveLength(1);
    expect(server.log).toHaveLength(1);
  });

  test('from another site, downloads are resumed without a permission for headers', async () => {
    let asked = 0;
    const other = await start({
      cuts: [100_000],
      headers: { 'access-control-allow-origin': '*' },
      handle: ({ method }) => {
        if (method === 'OPTIONS') asked++;
        return false;
      },
    });
    const page = await open();
    const outcome = await page.evaluate(work, { url: other.url, sha256 });
    expect(outcome).toMatchObject({ sha256, warnings: [] });
    expect(asked).toBe(0);
    expect(other.log).toHaveLength(2);
    expect(other.log[1]?.range).toMatch(/^bytes=\d+-$/);
    expect(other.log[1]?.ifRange).toBeUndefined();
  });

  test('another site without CORS is an error with that advice', async () => {
    const other = await start({});
    const page = await open();
    const { error } = await page.evaluate(work, { url: other.url, sha256 });
    expect(error?.code).toBe('fetch-failed');
    expect(error?.message).toContain('CORS');
  });

  /** With the kind of the cache there. */
  function inWorker(page: Page, job: Job): Promise<[string, Outcome]> {
    const run = `delete FileSystemFileHandle.prototype.createWritable;\n${code}
      const work = ${work.toString()};
      onmessage = async ({ data }) => postMessage([(await weights.openModelCache()).kind, await work(data)]);`;
    return page.evaluate(
      ({ run, job }) =>
        new Promise<[string, Outcome]>((resolve) => {
          const worker = new Worker(URL.createObjectURL(new Blob([run])));
          worker.addEventListener('message', ({ data }) => resolve(data));
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window, but a worker
          worker.postMessage(job);
        }),
      { run, job },
    );
  }

  test('in a worker whose files cannot be written as streams', async () => {
    const page = await open();
    expect(await inWorker(page, { url: server.url, sha256 })).toMatchObject([
      'opfs',
      { sha256, warnings: [] },
    ]);
    expect(await inWorker(page, { url: server.url, sha256 })).toMatchObject([
      'opfs',
      { sha256, phases: ['checking', 'done'] },
    ]);
    expect(server.log).toHaveLength(1);
  });

  test.each([
    [
      'denied when asked',
      () => {
        CacheStorage.prototype.open = () =>
          Promise.reject(new DOMException('denied', 'SecurityError'));
      },
    ],
    [
      'denied when looked at, as in a sandboxed frame',
      () => {
        Object.defineProperty(globalThis, 'caches', {
          get: () => {
            throw new DOMException('denied', 'SecurityError');
          },
        });
      },
    ],
  ])('without any storage, the page keeps it in memory and says so: %s', async (_, deny) => {
    const page = await open(() => {
      StorageManager.prototype.getDirectory = () =>
        Promise.reject(new DOMException('denied', 'SecurityError'));
    });
    await page.evaluate(deny);
    expect(await kindOf(page)).toBe('memory');
    for (let i = 0; i < 2; i++) {
      const { warnings, ...outcome } = await page.evaluate(work, { url: server.url, sha256 });
      expect(outcome.sha256).toBe(sha256);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('memory-only');
    }
    expect(server.log).toHaveLength(1);
  });

  /** As Chromium does at times, since what reads the pipe closes it before it says why. */
  const callItPipe = (): void => {
    const { prototype } = FileSystemWritableFileStream;
    for (const name of ['write', 'close'] as const) {
      const original = prototype[name] as (...data: unknown[]) => Promise<void>;
      prototype[name] = function misreporting(this: unknown, ...data: unknown[]) {
        return original.apply(this, data).catch((cause: DOMException) => {
          if (cause.name !== 'QuotaExceededError') throw cause;
          throw new DOMException('Failed to write data to data pipe', 'AbortError');
        });
      };
    }
  };

  describe('a full quota', () => {
    let page: Page;
    beforeEach(async () => {
      page = await open();
      await allow(100_000);
    });

    async function allow(quotaSize: number): Promise<void> {
      const session = await context.newCDPSession(page);
      const { origin } = new URL(server.url);
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
    }

    test('is an error in a cache that the caller chose', async () => {
      const job = { url: server.url, sha256, cache: 'explicit' } as const;
      const { error } = await page.evaluate(work, job);
      expect(error?.code).toBe('no-space');
      expect(error?.message).toMatch(
        /needs 300000 more bytes, but the browser leaves (fewer|\d{1,6}) to/,
      );
    });

    test.each([
      ['reported as one', () => undefined],
      ['reported as a broken pipe', callItPipe],
    ])('in the middle moves what was stored to memory: %s', async (_, report) => {
      await page.evaluate(report);
      const large = new Uint8Array(34 * 2 ** 20).map((_, i) => i >> 12);
      server.behaviour.content = large;
      await allow(20 * 2 ** 20); // The first segment of 16 MiB fits, the second does not.
      const outcome = await page.evaluate(work, { url: server.url, sha256: hex(large) });
      expect(outcome.sha256).toBe(hex(large));
      expect(outcome.warnings).toHaveLength(1);
      expect(outcome.warnings[0]).toContain(`needs ${18 * 2 ** 20} more bytes`);
      expect(server.log).toHaveLength(1);
      expect(await page.evaluate(async () => (await weights.openModelCache()).size())).toBe(0);
    });

    test('is told in a worker whose files cannot be written as streams, too', async () => {
      const job = { url: server.url, sha256, cache: 'explicit' } as const;
      const [kind, { error }] = await inWorker(page, job);
      expect([kind, error?.code]).toEqual(['opfs', 'no-space']);
    });

    test('is not blamed for what has another reason', async () => {
      await allow(2 ** 24);
      const job = { url: server.url, sha256, cache: 'explicit' } as const;
      await page.evaluate(() => {
        FileSystemWritableFileStream.prototype.write = () =>
          Promise.reject(new DOMException('Failed to write data to data pipe', 'AbortError'));
      });
      const outcome = await page.evaluate(work, job);
      expect(outcome.error?.code).toBe('cache-failed');
      expect(outcome.error?.message).toContain('data pipe');
    });

    test('is a warning otherwise, and the page goes on in memory', async () => {
      const first = await page.evaluate(work, { url: server.url, sha256 });
      expect(first.sha256).toBe(sha256);
      expect(first.warnings).toHaveLength(1);
      expect(first.warnings[0]).toMatch(/memory-only: .*needs 300000 more bytes/);
      const second = await page.evaluate(work, { url: server.url, sha256 });
      expect(second.sha256).toBe(sha256);
      expect(server.log).toHaveLength(1);
      expect(await page.evaluate(async () => (await weights.openModelCache()).list())).toEqual([]);
    });
  });
});
