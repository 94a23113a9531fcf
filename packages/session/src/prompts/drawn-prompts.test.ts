/** What outlines and strokes drawn by hand give on a photograph, beside the objects' true outlines. */
import { fileURLToPath } from 'node:url';

import { Mask, rasterizePolygons, rleIou } from '@samgpu/mask';
import { nano } from '@samgpu/nano';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createEngine, type Engine, type Position, Session } from '../index.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url));

interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly across: number;
  readonly down: number;
  readonly turn: number;
}

/** Measured in the picture: three things in it that are ellipses. */
const COFFEE: Ellipse = { x: 288, y: 144, across: 83, down: 50, turn: 0.1 };
const SPOON: Ellipse = { x: 366, y: 284, across: 39, down: 41, turn: 0 };
const SAUCER: Ellipse = { x: 278, y: 228, across: 201, down: 161, turn: 0.1 };

let engine: Engine;
let session: Session;

beforeAll(async () => {
  engine = createEngine({ variants: [nano], segmenter: { backend: 'onnx' } });
  session = new Session({ engine });
  await Promise.all([session.load('nano'), session.open(PHOTO)]);
});

afterAll(() => {
  session.dispose();
  engine.dispose();
});

/** @param scale - beside the true outline @param shake - of the hand, in pixels */
function around({ x, y, across, down, turn }: Ellipse, scale: number, shake: number): Position[] {
  return Array.from({ length: 24 }, (_, i) => {
    const angle = (i / 24) * 2 * Math.PI;
    const [u, v] = [across * scale * Math.cos(angle), down * scale * Math.sin(angle)];
    return {
      x: x + u * Math.cos(turn) - v * Math.sin(turn) + ((i % 3) - 1) * shake,
      y: y + u * Math.sin(turn) + v * Math.cos(turn) + ((i % 4) - 1.5) * shake,
    };
  });
}

function maskOf(path: readonly Position[]): Mask {
  const outer = path.map(({ x, y }): [number, number] => [x, y]);
  return Mask.fromBitmap(rasterizePolygons([{ outer, holes: [] }], 600, 400));
}

/** Overlap of what was drawn with the truth. */
async function iouOf(draw: () => void, truth: Ellipse): Promise<number> {
  draw();
  await session.settled();
  const { draft } = session.snapshot;
  session.clearPrompts();
  return rleIou(draft!.mask.toRle(), maskOf(around(truth, 1, 0)).toRle());
}

// Measured: 0.94, 0.92 and 0.82, where a loose outline by itself has 0.8. Another nano may differ a bit.
test.each([
  ['the coffee', COFFEE, 0.88],
  ['the spoon', SPOON, 0.84],
  ['the saucer', SAUCER, 0.7],
])('a lasso around %s', async (_, truth, least) => {
  const iou = await iouOf(() => session.addLasso(around(truth, 1.12, 3)), truth);
  expect(iou).toBeGreaterThan(least);
});

test('a lasso says more than the box around it', async () => {
  const { x, y, across, down } = SAUCER;
  const box = { x: x - across, y: y - down, width: 2 * across, height: 2 * down };
  const boxed = await iouOf(() => session.setBox(box), SAUCER);
  const drawn = await iouOf(() => session.addLasso(around(SAUCER, 1.12, 3)), SAUCER);
  expect(drawn).toBeGreaterThan(boxed + 0.1); // 0.82 and 0.55.
});

// Measured: 0.86 and 0.83.
test.each([
  ['the coffee', COFFEE, 0.75],
  ['the spoon', SPOON, 0.7],
])('a stroke over %s', async (_, truth, least) => {
  const { x, y, across, down } = truth;
  const stroke = [
    { x: x - across * 0.6, y },
    { x, y: y + down * 0.3 },
    { x: x + across * 0.6, y },
  ];
  const iou = await iouOf(() => session.addScribble(stroke), truth);
  expect(iou).toBeGreaterThan(least);
});

test('outlines correct a mask: what is missing is added, what is too much goes', async () => {
  session.addLasso(around(COFFEE, 1.1, 2));
  await session.settled();
  const { mask: before } = session.snapshot.draft!;
  session.addLasso(around(SPOON, 1.1, 1));
  await session.settled();
  const both = session.snapshot.draft!.mask;
  expect(before.contains(SPOON.x, SPOON.y)).toBe(false);
  expect(both.contains(SPOON.x, SPOON.y)).toBe(true);
  expect(both.contains(COFFEE.x, COFFEE.y)).toBe(true);
  const iou = await iouOf(() => session.addLasso(around(SPOON, 1.3, 1), 'exclude'), COFFEE);
  expect(iou).toBeGreaterThan(0.65); // Measured: 0.74.
});

test('a mask is its own answer until something is said against it', async () => {
  const given = maskOf(around(COFFEE, 1, 0));
  session.setMask(given);
  expect(session.snapshot).toMatchObject({ pending: false, draft: { mask: given } });
  session.addPoint({ x: SPOON.x, y: SPOON.y });
  await session.settled();
  const { mask } = session.snapshot.draft!;
  expect(mask.contains(SPOON.x, SPOON.y)).toBe(true);
  session.clearPrompts();
});
