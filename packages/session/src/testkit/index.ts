/** What every adapter of an editor must do right, whatever the editor and the test runner. */
import { Mask } from '@samgpu/mask';
import { type PixelImage, readImage } from 'samgpu';

import type { Host, HostPointer } from '../host/host.ts';
import type { Position } from '../prompts/session-prompt.ts';

/** How the picture lies in the editor. */
export interface HostView {
  /** Screen pixels for each pixel of the picture. */
  readonly scale: number;
  /** In degrees, clockwise. */
  readonly rotation: number;
  readonly flipX: boolean;
  readonly flipY: boolean;
  /** Where the layer lies in the document, in its pixels. */
  readonly offset: Position;
  /** Device pixels for each CSS pixel. */
  readonly pixelRatio: number;
}

/** An editor that shows a picture, with an adapter over it. */
export interface HostUnderTest {
  readonly host: Host;
  /** Where the editor itself shows a position of the picture. */
  readonly toScreen: (position: Position) => HostPointer;
  /** What is committed now, one byte of alpha for each pixel of the picture; null for nothing. */
  readonly readResult: () => Uint8Array | null | Promise<Uint8Array | null>;
  /** Changes the pixels, or the view, as a person would. */
  readonly changeImage: () => void | Promise<void>;
  readonly changeView: () => void | Promise<void>;
  /** Listeners and overlays of the adapter that are still there. */
  readonly leftovers: () => number;
}

export interface HostCase {
  readonly name: string;
  /** @throws Error that says what was got and wanted */
  readonly run: () => Promise<void>;
}

const SIZE = { width: 40, height: 30 };
const PLAIN: HostView = {
  scale: 1,
  rotation: 0,
  flipX: false,
  flipY: false,
  offset: { x: 0, y: 0 },
  pixelRatio: 1,
};
const VIEWS: Readonly<Record<string, HostView>> = {
  plain: PLAIN,
  scaled: { ...PLAIN, scale: 2.5 },
  rotated: { ...PLAIN, rotation: 37 },
  flipped: { ...PLAIN, flipX: true, flipY: true },
  'on a HiDPI screen': { ...PLAIN, pixelRatio: 2 },
  'with a layer offset': { ...PLAIN, offset: { x: 17, y: 9 } },
  'all of it': {
    scale: 0.7,
    rotation: -120,
    flipX: true,
    flipY: false,
    offset: { x: -6, y: 13 },
    pixelRatio: 3,
  },
};

/**
 * The cases, to be run by whatever runs tests: each opens its own editor.
 *
 * @param open - shows the picture (RGBA with alpha) in a new editor
 */
export function hostConformance(
  open: (picture: PixelImage, view: HostView) => HostUnderTest | Promise<HostUnderTest>,
): HostCase[] {
  const withHost = async (
    view: HostView,
    check: (test: HostUnderTest, picture: PixelImage) => void | Promise<void>,
  ): Promise<void> => {
    const picture = testPicture();
    const test = await open(picture, view);
    try {
      await check(test, picture);
    } finally {
      test.host.dispose();
    }
  };
  const pointers = Object.entries(VIEWS).map(([name, view]): HostCase => ({
    name: `pointer to picture, ${name}: within half a pixel`,
    run: () =>
      withHost(view, ({ host, toScreen }) => {
        for (const at of [
          { x: 0, y: 0 },
          { x: 39.5, y: 0.5 },
          { x: 12.25, y: 29 },
        ]) {
          const got = host.toImagePoint(toScreen(at));
          const error = Math.hypot(got.x - at.x, got.y - at.y);
          insist(error < 0.5, `(${got.x}, ${got.y})`, `(${at.x}, ${at.y})`);
        }
      }),
  }));
  const mask = Mask.fromBitmap({
    ...SIZE,
    data: Uint8Array.from({ length: 1200 }, (_, i) => (i % 40 > 10 && i % 40 < 21 ? 1 : 0)),
  });
  const result = { mask, name: 'test', color: [255, 0, 0] } as const;
  const options = { operation: 'new', label: 'test' } as const;
  return [
    ...pointers,
    {
      name: 'pixels are those of the layer, with their alpha and without the overlay',
      run: () =>
        withHost(VIEWS['all of it']!, async ({ host }, picture) => {
          host.drawOverlay({ draft: mask, hover: null, prompts: [], objects: [] });
          const { image } = await host.readPixels();
          const { width, height, channels, data } = await readImage(image);
          insist(width === 40 && height === 30, `${width}x${height}`, '40x30');
          insist(channels === 4, `${channels} channels`, '4, with alpha');
          const wrong = data.findIndex((value, i) => value !== picture.data[i]);
          insist(wrong < 0, `another byte at ${wrong}`, 'the pixels of the picture');
        }),
    },
    {
      name: 'a commit arrives, and is one step of undo and redo',
      run: () =>
        withHost(VIEWS['with a layer offset']!, async ({ host, readResult }) => {
          const before = await readResult();
          const undo = await host.commit(result, options);
          await expectMask(readResult, mask);
          await undo.undo();
          const after = await readResult();
          insist(String(after) === String(before), 'a rest of the commit', 'the state before it');
          await undo.redo();
          await expectMask(readResult, mask);
        }),
    },
    {
      name: 'soft edges arrive, if the host says that they do',
      run: () =>
        withHost(PLAIN, async ({ host, readResult }) => {
          if (!host.capabilities.softAlpha) return;
          const alpha = mask.data.map((inside) => inside * 100);
          const soft = { ...SIZE, bounds: mask.bounds, alpha };
          await host.commit({ ...result, alpha: soft }, options);
          const got = await readResult();
          const wrong = alpha.findIndex((value, i) => Math.abs(value - (got?.[i] ?? -9)) > 1);
          insist(wrong < 0, `alpha ${got?.[wrong]} at ${wrong}`, `${alpha[wrong]}`);
        }),
    },
    {
      name: 'changes of picture and view are told, until nobody listens',
      run: () =>
        withHost(PLAIN, async ({ host, changeImage, changeView }) => {
          const heard = { image: 0, view: 0 };
          const stopImage = host.onImageChanged(() => (heard.image += 1));
          const stopView = host.onViewChanged(() => (heard.view += 1));
          await changeImage();
          await changeView();
          insist(heard.image > 0 && heard.view > 0, JSON.stringify(heard), 'both to be heard of');
          stopImage();
          stopView();
          const { image, view } = heard;
          await changeImage();
          await changeView();
          insist(heard.image === image && heard.view === view, 'more calls', 'none after the end');
        }),
    },
    {
      name: 'dispose leaves nothing behind',
      run: async () => {
        const test = await open(testPicture(), PLAIN);
        test.host.onImageChanged(() => undefined);
        test.host.onViewChanged(() => undefined);
        test.host.drawOverlay({ draft: mask, hover: null, prompts: [], objects: [] });
        test.host.dispose();
        insist(test.leftovers() === 0, `${test.leftovers()} listeners and overlays`, 'none');
      },
    },
  ];
}

async function expectMask(read: HostUnderTest['readResult'], mask: Mask): Promise<void> {
  const got = await read();
  const wrong = mask.data.findIndex((inside, i) => (got?.[i] ?? 0) > 127 !== (inside === 1));
  insist(wrong < 0, `another pixel at ${wrong}`, 'the mask that was committed');
}

function testPicture(): PixelImage {
  const data = new Uint8Array(SIZE.width * SIZE.height * 4);
  for (let i = 0; i < data.length; i += 4) {
    // Opaque or empty, so that canvases, which multiply by alpha, keep every byte.
    if (i % 28 !== 0) data.set([(i * 7) % 256, (i * 3) % 256, i % 256, 255], i);
  }
  return { ...SIZE, channels: 4, data };
}

function insist(isRight: boolean, got: string, wanted: string): void {
  if (!isRight) throw new Error(`got ${got}, wanted ${wanted}`);
}
