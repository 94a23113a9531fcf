/** The built Studio in a real browser, as `npm run studio` serves it. */
import type { SamCanvas } from '@samgpu/element';
import { launchBrowser } from '@samgpu/testing/browser';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';

import { grounderRoute } from '../../../../packages/bootstrap/src/studio/grounder-route.js';
import {
  prepareStudio,
  studioSite,
} from '../../../../packages/bootstrap/src/studio/prepare-studio.js';
import {
  type Route,
  type SiteServer,
  startSiteServer,
} from '../../../../packages/bootstrap/src/studio/site-server.js';
import { siteHeaders } from '../../site-headers.js';

/** A browser and a server with the site of these sources. */
export class StudioBrowser {
  readonly server: SiteServer;
  readonly browser: Browser;

  private constructor(server: SiteServer, browser: Browser) {
    this.server = server;
    this.browser = browser;
  }

  /**
   * @param flags - of Chromium, besides those that containers need
   * @param site - a folder with another build
   * @param others - address of a detector, as of `--grounder`, and what answers where no file does
   */
  static async open(
    flags: readonly string[] = [],
    headers: Readonly<Record<string, string>> = siteHeaders(),
    site?: string,
    { grounder, route }: { readonly grounder?: string; readonly route?: Route } = {},
  ): Promise<StudioBrowser> {
    if (site === undefined) await prepareStudio();
    const server = await startSiteServer(site ?? studioSite, {
      headers,
      port: 0,
      service: grounderRoute(grounder),
      ...(route && { route }),
    });
    return new StudioBrowser(server, await launchBrowser(flags));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }

  /** Opens the Studio as somebody who was never there before. */
  async visit(
    address = '?backend=onnx',
    options: Parameters<Browser['newContext']>[0] = {},
    prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<StudioPage> {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    return StudioPage.open(context, new URL(address, this.server.url).href, prepare);
  }
}

/** One tab, and all that it should not do. */
export class StudioPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors that nobody caught, and what the policy refused. */
  readonly failures: string[] = [];
  /** Requests to anywhere but the site. */
  readonly foreign: string[] = [];
  /** What it told its console. */
  private readonly messages: string[] = [];
  /** Addresses that it asked for and has no answer from. */
  private readonly unanswered = new Set<string>();

  private constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.context = context;
  }

  static async open(
    context: BrowserContext,
    url: string,
    prepare: (page: Page) => Promise<unknown>,
  ): Promise<StudioPage> {
    const page = await context.newPage();
    await prepare(page);
    const studio = new StudioPage(page, context);
    page.on('pageerror', (error) => studio.failures.push(error.stack ?? error.message));
    page.on('console', (message) => {
      const text = message.text();
      studio.messages.push(text);
      if (/Content Security Policy/i.test(text)) studio.failures.push(text);
    });
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      const isOwn = origin === new URL(url).origin || protocol === 'blob:' || protocol === 'data:';
      if (!isOwn) studio.foreign.push(request.url());
      studio.unanswered.add(request.url());
    });
    context.on('requestfinished', (request) => studio.unanswered.delete(request.url()));
    context.on('requestfailed', (request) => {
      studio.messages.push(`${request.url()}: ${request.failure()?.errorText}`);
    });
    // Without a listener that stays, Chromium may open its own window for a second file.
    page.on('filechooser', () => undefined);
    await page.goto(url);
    return studio;
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Opens a picture that comes along, and waits until it can be clicked. */
  async openSample(title: string): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^${title}`) }).click();
    await this.whenReady();
  }

  async whenReady(): Promise<void> {
    // It stands in a part that phones do not show. The first picture waits for the model, and where
    // other tests have the cores that takes its time.
    const encoded = this.page.getByText(/^encoded in/);
    try {
      await encoded.waitFor({ state: 'attached', timeout: 90_000 });
    } catch (cause) {
      throw new Error(`no picture was encoded; ${await this.#circumstances()}`, { cause });
    }
  }

  /** What there is to say of a page that does not get on. */
  async #circumstances(): Promise<string> {
    const text = await this.page.locator('body').innerText({ timeout: 5000 });
    const workers = this.page.workers().map((worker) => worker.url());
    const { failures, messages, unanswered } = this;
    const open = [...unanswered];
    return JSON.stringify({ text, workers, failures, messages, open }, null, 2);
  }

  /** Clicks at pixels of the picture. */
  async click(x: number, y: number, within: Page | FrameLocator = this.page): Promise<void> {
    const at = await this.toPage(x, y, within);
    await this.page.mouse.click(at.x, at.y);
  }

  /** Draws through pixels of the picture. */
  async drag(path: readonly (readonly [x: number, y: number])[]): Promise<void> {
    const places = await Promise.all(path.map(([x, y]) => this.toPage(x, y)));
    const [first, ...rest] = places;
    await this.page.mouse.move(first!.x, first!.y);
    await this.page.mouse.down();
    for (const { x, y } of rest) await this.page.mouse.move(x, y, { steps: 4 });
    await this.page.mouse.up();
  }

  async toPage(
    x: number,
    y: number,
    within: Page | FrameLocator = this.page,
  ): Promise<{ readonly x: number; readonly y: number }> {
    const canvas = within.locator('sam-canvas');
    const box = (await canvas.boundingBox())!;
    const view = await canvas.evaluate((element) => (element as SamCanvas).view);
    return { x: box.x + view.x + x * view.scale, y: box.y + view.y + y * view.scale };
  }
}
