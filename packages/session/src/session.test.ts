import { fileURLToPath } from 'node:url';

import { nano } from '@samgpu/nano';
import { rleIou, Segmenter } from 'samgpu';
import { expect, test } from 'vitest';

import { createEngine, Session } from './index.ts';

const PHOTO = fileURLToPath(new URL('../../cli/assets/coffee.jpg', import.meta.url));
const SPOON = { x: 365, y: 290 };

test('click, refine, undo, redo, commit', async () => {
  const engine = createEngine({ variants: [nano], segmenter: { backend: 'onnx' } });
  using session = new Session({ engine });
  expect(session.snapshot.state).toBe('idle');
  const ready = [session.load('nano'), session.open(PHOTO, { name: 'coffee' })];
  expect(session.picture).toBe(PHOTO);
  await Promise.all(ready);
  expect(session.picture).toBe(PHOTO);
  expect(session.device).toBeUndefined(); // ONNX Runtime.
  expect(session.snapshot).toMatchObject({
    state: 'ready',
    image: { width: 600, height: 400, name: 'coffee', revision: 1 },
    model: { name: 'nano' },
  });

  session.addPoint(SPOON);
  expect(session.snapshot).toMatchObject({ state: 'prompting', pending: true, draft: null });
  await session.settled();
  const first = session.snapshot.draft!.mask;
  expect(first.contains(SPOON.x, SPOON.y)).toBe(true);
  // Its one answer first, then the alternatives by score.
  expect(session.snapshot.candidates.map(({ kind }) => kind)).toEqual([
    'single',
    'alternative',
    'alternative',
    'alternative',
  ]);

  session.setBox({ x: 300, y: 220, width: 150, height: 120 });
  await session.settled();
  expect(session.snapshot.draft!.mask).not.toBe(first);
  session.undo();
  expect(session.snapshot).toMatchObject({ pending: false, canRedo: true, undoLabel: 'Point' });
  expect(session.snapshot.draft!.mask).toBe(first);

  // Dragging is one step, however many positions it goes through.
  const { id } = session.snapshot.prompts[0]!;
  session.movePrompt(id, { x: 360, y: 280 });
  session.movePrompt(id, { x: 362, y: 284 }, { goOn: true });
  expect(session.snapshot.prompts).toMatchObject([{ id, x: 362, y: 284 }]);
  session.undo();
  expect(session.snapshot.prompts).toMatchObject([{ id, ...SPOON }]);
  await session.settled();

  session.edit({ kind: 'grow', amount: 2 });
  const object = await session.commit({ name: 'spoon' });
  expect(object.mask.area).toBeGreaterThan(first.area);
  expect(session.snapshot).toMatchObject({
    state: 'ready',
    prompts: [],
    draft: null,
    objects: [{ name: 'spoon', visible: true }],
    selected: object.id,
  });
  session.undo();
  session.undo();
  expect(session.snapshot.draft!.mask).toBe(first);

  using segmenter = await Segmenter.load(nano, { backend: 'onnx' });
  using image = await segmenter.encode(PHOTO);
  const { mask } = await image.segment({ points: [SPOON] }, { connected: true });
  const { masks } = await image.segment({ points: [SPOON] }, { multimask: true });
  const { candidates } = session.snapshot;
  expect(rleIou(candidates[0]!.mask.toRle(), mask.toRle())).toBe(1);
  expect(candidates.slice(1).map(({ mask }) => mask.score)).toEqual(
    masks.map(({ score }) => score),
  );
  engine.dispose();
});
