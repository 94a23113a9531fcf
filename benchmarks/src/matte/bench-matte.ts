/**
 * Mattes of pictures whose alpha is known: how far they are from it, as a share of how far the mask is,
 * beside OpenCV's guided filter; and how long a cutout of 12 megapixels takes, on the CPU and on a GPU.
 */
import {
  type Composite,
  type CompositeOptions,
  makeComposite,
  matteError,
  unknownRegion,
} from '@samgpu/testing/composites';
import { distanceTransform, Mask, matte, type PixelSource, type Size } from 'samgpu';

import { describeMachine } from '../machine.ts';
import { type Figure, reportFigures } from '../results.ts';
import { timeRuns } from '../statistics.ts';
import { measureDevice } from './device-times.ts';
import { runOpencv } from './opencv-peer.ts';

const METHODS = ['fast', 'best'] as const;

/** Pixels to both sides of the mask's outline that count. */
const BAND = 12;

/** At least 40 % below the mask. */
const MOST_ERROR = 60;

const KINDS: Readonly<Record<string, readonly CompositeOptions[]>> = {
  'hair below a pixel': strands('hair', [0.5, 0.6, 0.7, 0.8]),
  'hair of one to two pixels': strands('hair', [1, 1.3, 1.6, 2]),
  'hair of three to six pixels': strands('hair', [3, 4, 5, 6]),
  fur: strands('fur', [1, 1.5, 2, 2.5]),
  'soft edges': strands('soft', [2, 4, 6, 8]),
  'hard edges': strands('hard', [1, 1, 1, 1]),
};

function strands(edge: CompositeOptions['edge'], sizes: readonly number[]): CompositeOptions[] {
  return sizes.map((size, i) => ({ edge, size, seed: 1000 + Math.round(10 * size) + i }));
}

interface Errors {
  /** Of ours by method, in percent of the mask's. */
  readonly ours: Record<(typeof METHODS)[number], { mean: number; gradient: number }>;
  /** Of OpenCV's guided filter by its settings. */
  readonly opencv: readonly { readonly mean: number; readonly gradient: number }[];
}

async function errorsOf(composite: Composite): Promise<Errors> {
  const { width, height, image, mask } = composite;
  const bitmap = { width, height, data: mask.data };
  const distance = distanceTransform(bitmap, { signed: true }).map(Math.abs);
  const region = unknownRegion(composite, distance, BAND);
  const before = matteError(mask.data, composite, region);
  const errorOf = (alpha: Uint8Array): { mean: number; gradient: number } => {
    const levels = Float32Array.from(alpha, (level) => level / 255);
    const { mean, gradient } = matteError(levels, composite, region);
    return { mean: (100 * mean) / before.mean, gradient: (100 * gradient) / before.gradient };
  };
  const source: PixelSource = { width, height, data: image };
  const given = Mask.fromBitmap(bitmap, { logits: mask.logits });
  const [fast, best] = [
    errorOf((await matte(source, given, { method: 'fast' })).alpha),
    errorOf((await matte(source, given, { method: 'best' })).alpha),
  ];
  return { ours: { fast, best }, opencv: runOpencv(composite)?.alphas.map(errorOf) ?? [] };
}

async function measureErrors(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [kind, cases] of Object.entries(KINDS)) {
    const errors: Errors[] = [];
    for (const options of cases) errors.push(await errorsOf(makeComposite(options)));
    for (const what of ['mean', 'gradient'] as const) {
      // The peer has whichever of its settings is best for this kind of edge.
      const settings = Math.min(...errors.map(({ opencv }) => opencv.length));
      const peers = Array.from({ length: settings }, (_, i) =>
        mean(errors.map(({ opencv }) => opencv[i]![what])),
      );
      for (const method of METHODS) {
        figures.push({
          name: `${kind}, ${method}: ${what === 'mean' ? 'absolute' : 'gradient'} error, of the mask's`,
          unit: '%',
          value: mean(errors.map(({ ours }) => ours[method][what])),
          limit: MOST_ERROR,
          ...(settings > 0 && { peer: Math.min(...peers) }),
        });
      }
    }
  }
  return figures;
}

/** A figure with arms and legs apart and long hair. */
function personOf({ width, height }: Size): { image: PixelSource; mask: Mask } {
  const { image, mask } = makeComposite({
    seed: 3,
    edge: 'hair',
    shape: 'person',
    width,
    height,
    size: width / 1000,
    foreground: 'grainy',
    background: 'leafy',
  });
  return {
    image: { width, height, data: image },
    mask: Mask.fromBitmap({ width, height, data: mask.data }, { logits: mask.logits }),
  };
}

async function measureTimes(): Promise<Figure[]> {
  const { image: source, mask: given } = personOf({ width: 4000, height: 3000 });
  const figures: Figure[] = [];
  for (const method of METHODS) {
    const { median, p10, p90 } = await timeRuns(
      async () => (await matte(source, given, { method })).foreground({ crop: true }),
      { warmup: 1, runs: 5 },
    );
    figures.push({
      name: `cutout of 12 megapixels with clean colours, ${method}`,
      unit: 'ms',
      value: median,
      limit: method === 'best' ? 2500 : 1500,
      p10,
      p90,
    });
  }
  return [...figures, ...(await measureDevice(personOf))];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export async function benchMatte({ json }: { readonly json: boolean }): Promise<void> {
  const figures = [...(await measureTimes()), ...(await measureErrors())];
  reportFigures(
    {
      what: 'matte',
      date: new Date().toISOString(),
      machine: describeMachine([]),
      peer: "OpenCV's guided filter",
      figures,
    },
    { json },
  );
}
