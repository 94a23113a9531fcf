import { nano } from '@samgpu/nano';
import type { PixelImage } from 'samgpu';
import { describe, expect, test } from 'vitest';

import { bindHost, createEngine, type Host, type HostOverlay, Session } from '../index.ts';
import { hostConformance, type HostUnderTest, type HostView } from './index.ts';

type Fault = 'rotation' | 'ratio' | 'offset' | 'alpha' | 'undo' | 'soft' | 'silent' | 'leak';

/** A small editor: a layer of pixels under a view, and one selection. */
function openEditor(picture: PixelImage, view: HostView, fault?: Fault): HostUnderTest {
  const angle = (view.rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [sx, sy] = [view.scale * (view.flipX ? -1 : 1), view.scale * (view.flipY ? -1 : 1)];
  const images = new Set<() => void>();
  const views = new Set<() => void>();
  let overlay: HostOverlay | null = null;
  let selection: Uint8Array | null = null;
  const host: Host = {
    capabilities: {
      selection: true,
      layerMask: false,
      softAlpha: true,
      polygon: false,
      cutout: false,
      undo: 'commands',
      hover: true,
      worker: true,
    },
    readPixels: () => ({
      image:
        fault === 'alpha'
          ? { ...picture, data: picture.data.map((value, i) => (i % 4 === 3 ? 255 : value)) }
          : picture,
      width: picture.width,
      height: picture.height,
    }),
    toImagePoint: ({ clientX, clientY }) => {
      const ratio = fault === 'ratio' ? 1 : view.pixelRatio;
      const [u, v] = [clientX * ratio, clientY * ratio];
      const [c, s] = fault === 'rotation' ? [1, 0] : [cos, sin];
      const offset = fault === 'offset' ? { x: 0, y: 0 } : view.offset;
      return { x: (u * c + v * s) / sx - offset.x, y: (-u * s + v * c) / sy - offset.y };
    },
    onImageChanged: (listener) => {
      images.add(listener);
      return () => images.delete(listener);
    },
    onViewChanged: (listener) => {
      views.add(listener);
      return () => views.delete(listener);
    },
    drawOverlay: (next) => {
      overlay = next;
    },
    commit: ({ mask, alpha }) => {
      const before = selection;
      const hard = mask.data.map((inside) => inside * 255);
      const after = fault === 'soft' ? hard : (alpha?.alpha ?? hard);
      selection = after;
      return {
        undo: () => {
          if (fault !== 'undo') selection = before;
        },
        redo: () => {
          selection = after;
        },
      };
    },
    dispose: () => {
      if (fault === 'leak') return;
      images.clear();
      views.clear();
      overlay = null;
    },
  };
  const tell = (listeners: ReadonlySet<() => void>): void => {
    if (fault !== 'silent') listeners.forEach((listener) => listener());
  };
  return {
    host,
    toScreen: ({ x, y }) => {
      const [u, v] = [(x + view.offset.x) * sx, (y + view.offset.y) * sy];
      return {
        clientX: (u * cos - v * sin) / view.pixelRatio,
        clientY: (u * sin + v * cos) / view.pixelRatio,
      };
    },
    readResult: () => selection,
    changeImage: () => tell(images),
    changeView: () => tell(views),
    leftovers: () => images.size + views.size + (overlay === null ? 0 : 1),
  };
}

describe('an editor that does all of it right', () => {
  const cases = hostConformance((picture, view) => openEditor(picture, view));
  test.each(cases.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

test.each([
  ['rotation', 2],
  ['ratio', 2],
  ['offset', 2],
  ['alpha', 1],
  ['undo', 1],
  ['soft', 1],
  ['silent', 1],
  ['leak', 1],
] as const)('an editor with the fault %s fails %i cases', async (fault, count) => {
  const cases = hostConformance((picture, view) => openEditor(picture, view, fault));
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run()));
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(count);
});

test('a session drives an editor: pointer, overlay, commit, undo', async () => {
  const data = new Uint8Array(64 * 48 * 3).map((_, i) => (Math.floor(i / 3) % 64 < 30 ? 220 : 30));
  const view: HostView = {
    scale: 3,
    rotation: 90,
    flipX: false,
    flipY: true,
    offset: { x: 5, y: 6 },
    pixelRatio: 2,
  };
  const { host, toScreen, readResult, leftovers } = openEditor(
    { width: 64, height: 48, channels: 3, data },
    view,
  );
  const engine = createEngine({ variants: [nano], segmenter: { backend: 'onnx' } });
  using session = new Session({ engine, host });
  const binding = bindHost(session, host);
  await Promise.all([session.load('nano'), binding.open()]);
  const pointer = toScreen({ x: 12, y: 20 });
  binding.down(pointer);
  binding.up(pointer);
  expect(session.snapshot.prompts).toMatchObject([{ kind: 'point' }]);
  const { mask } = await session.commit();
  expect(readResult()).toEqual(mask.data.map((inside) => inside * 255));
  session.undo();
  await session.settled();
  expect(readResult()).toBeNull();
  binding.down(pointer);
  binding.move(toScreen({ x: 30, y: 40 }));
  binding.up(toScreen({ x: 30, y: 40 }));
  expect(session.snapshot.prompts.map(({ kind }) => kind)).toEqual(['point', 'box']);
  await session.settled();
  binding.dispose();
  expect(leftovers()).toBe(0);
  engine.dispose();
});
