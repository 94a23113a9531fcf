/**
 * Official networks at their own size on a CPU, with onnxruntime-node: image encoders, decoders for one
 * click and for 64, everything by a grid of points, and beside them, where it is asked for, the official
 * code on PyTorch.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { efficientSamTiny } from '@samgpu/efficient-sam';
import { mobileSam } from '@samgpu/mobile-sam';
import { samVitB } from '@samgpu/sam';
import type { Variant } from '@samgpu/variant';
import { type EncodedImage, type PixelImage, type Prompt, Segmenter } from 'samgpu';
import sharp from 'sharp';

import { describeMachine } from '../machine.ts';
import { type Figure, reportFigures } from '../results.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { SAMPLE_PHOTO } from '../workspace.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { TorchPeer } from './torch-peer.ts';

/** Side of the picture, which is that of the networks' input: nothing is resampled. */
const SIDE = 1024;

/** Largest difference of logits between the engines, as a share of the largest logit. */
const TOLERANCE = 1e-4;

interface Subject {
  readonly variant: Variant;
  readonly runs: number;
  /** Milliseconds that each part may take. */
  readonly limits: {
    readonly encode: number;
    readonly click: number;
    readonly clicks: number;
    /** Of a grid of 32 x 32 points and all that comes after it. */
    readonly everything?: number;
  };
}

const DECODER = { click: 60, clicks: 1600 };
const SUBJECTS: readonly Subject[] = [
  { variant: mobileSam, runs: 7, limits: { encode: 1200, ...DECODER, everything: 45_000 } },
  { variant: efficientSamTiny, runs: 5, limits: { encode: 3000, ...DECODER } },
  { variant: samVitB, runs: 3, limits: { encode: 9000, ...DECODER } },
];

type Point = readonly [x: number, y: number];
const CLICK: Point = [500, 460];
const CLICKS: readonly Point[] = Array.from({ length: 64 }, (_, i) => [
  64 + 128 * (i % 8),
  64 + 128 * Math.floor(i / 8),
]);

export interface FamilyOptions {
  readonly json: boolean;
  /** Only models whose name contains this; such results are not stored. */
  readonly filter: string | undefined;
  /** A folder with checkouts of the official repositories, to compare with PyTorch. */
  readonly torch: string | undefined;
}

export async function benchFamily({ json, filter, torch }: FamilyOptions): Promise<void> {
  const figures: Figure[] = [];
  const pixels = await squarePicture();
  const chosen = SUBJECTS.filter(({ variant }) => variant.name.includes(filter ?? ''));
  const versions: Record<string, string> = {};
  for (const subject of chosen) {
    figures.push(...(await measure(subject, pixels, torch, versions)));
  }
  const machine = describeMachine(['onnxruntime-node', 'sharp']);
  reportFigures(
    {
      what: 'family',
      date: new Date().toISOString(),
      machine: { ...machine, versions: { ...machine.versions, ...versions } },
      figures,
    },
    { json, isWhole: filter === undefined },
  );
}

async function squarePicture(): Promise<PixelImage> {
  const { data } = await sharp(SAMPLE_PHOTO)
    .resize(SIDE, SIDE, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: SIDE, height: SIDE, channels: 3, data: new Uint8Array(data) };
}

async function measure(
  { variant, runs, limits }: Subject,
  pixels: PixelImage,
  torch: string | undefined,
  versions: Record<string, string>,
): Promise<Figure[]> {
  await using checkpoint = await writeCheckpoint(variant);
  using segmenter = await Segmenter.load(variant, { backend: 'onnx', weights: checkpoint.path });
  using image = await segmenter.encode(pixels);
  using peer = torch === undefined ? undefined : new TorchPeer(torch);
  if (peer !== undefined) {
    versions['PyTorch'] = await preparePeer(peer, variant, pixels, checkpoint.path, image);
  }
  const encode = await inTurns(
    runs,
    async () => {
      using again = await segmenter.encode(pixels);
      return again.timings.encode;
    },
    peer && (() => peer.time({ do: 'encode' })),
  );
  const decode = (points: readonly Point[], times: number): Promise<Compared> =>
    inTurns(
      times,
      async () => (await image.segment(promptsOf(points), { multimask: true }))[0]!.timings.decode,
      peer && (() => peer.time({ do: 'decode', points })),
    );
  const click = await decode([CLICK], 15);
  const clicks = await decode(CLICKS, 5);
  const { title } = variant;
  return [
    figure(`${title}: image encoder`, encode, limits.encode),
    figure(`${title}: one click`, click, limits.click),
    figure(`${title}: 64 clicks in one call`, clicks, limits.clicks),
    ...(limits.everything === undefined
      ? []
      : [await measureEverything(title, image, limits.everything)]),
  ];
}

/**
 * Once, encoder included. Formula weights give noise for scores and masks, so the threshold is chosen so
 * that a third of the answers are enlarged, about as many as of a photograph with real weights.
 */
async function measureEverything(
  title: string,
  image: EncodedImage,
  limit: number,
): Promise<Figure> {
  const answers = await image.segment(promptsOf(CLICKS), { multimask: true });
  const scores = answers.flatMap(({ masks }) => masks.map(({ score }) => score));
  scores.sort((a, b) => b - a);
  const third = scores[Math.floor(scores.length / 3)]!;
  const start = performance.now();
  await image.segmentEverything({ predIouThreshold: Math.min(0.999, Math.max(1e-6, third)) });
  const { preprocess, encode } = image.timings;
  const value = performance.now() - start + preprocess + encode;
  return { name: `${title}: everything, 32 x 32 points`, unit: 'ms', value, limit };
}

interface Compared {
  readonly ours: Spread;
  readonly peer: Spread | undefined;
}

/** Medians of both, measured in turns after a run that does not count. */
async function inTurns(
  runs: number,
  ours: () => Promise<number>,
  peer: (() => Promise<number>) | undefined,
): Promise<Compared> {
  const times = { ours: [] as number[], peer: [] as number[] };
  for (let i = -1; i < runs; i++) {
    const [mine, theirs] = [await ours(), await peer?.()];
    if (i >= 0) {
      times.ours.push(mine);
      times.peer.push(...(theirs === undefined ? [] : [theirs]));
    }
  }
  return { ours: spreadOf(times.ours), peer: peer && spreadOf(times.peer) };
}

function figure(name: string, { ours, peer }: Compared, limit: number): Figure {
  const { median, p10, p90 } = ours;
  const beside = peer === undefined ? {} : { peer: peer.median };
  return { name, unit: 'ms', value: median, limit, p10, p90, ...beside };
}

function promptsOf(points: readonly Point[]): Prompt[] {
  return points.map(([x, y]) => ({ points: [{ x, y }] }));
}

/**
 * Loads the same weights and picture there, and compares what a click gives.
 *
 * @returns its version
 */
async function preparePeer(
  peer: TorchPeer,
  variant: Variant,
  pixels: PixelImage,
  weights: string,
  image: EncodedImage,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'samgpu-bench-'));
  try {
    const input = join(folder, 'image.f32');
    await writeFile(input, normalised(variant, pixels));
    const { version, blas } = await peer.ask({
      do: 'load',
      model: variant.name,
      weights,
      image: input,
    });
    await peer.ask({ do: 'encode' });
    const output = join(folder, 'logits.f32');
    await peer.ask({ do: 'decode', points: [CLICK], output });
    const bytes = await readFile(output);
    const expected = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    const { masks } = await image.segment(promptsOf([CLICK])[0]!, { multimask: true });
    for (const { logits } of masks) {
      expectOneOf(variant.name, logits!.data, expected);
    }
    return `${version} (BLAS: ${blas})`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function normalised({ preprocessing }: Variant, { data }: PixelImage): Float32Array {
  const { mean, std } = preprocessing;
  return Float32Array.from(data, (value, index) => (value - mean[index % 3]!) / std[index % 3]!);
}

/** Ours are ordered by their scores, the official ones are not. */
function expectOneOf(name: string, got: Float32Array, expected: Float32Array): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const differences: number[] = [];
  for (let start = 0; start < expected.length; start += got.length) {
    const mask = expected.subarray(start, start + got.length);
    differences.push(got.reduce((most, v, i) => Math.max(most, Math.abs(v - mask[i]!)), 0));
  }
  const best = Math.min(...differences);
  if (!(best <= TOLERANCE * largest)) {
    throw new Error(
      `${name}: logits differ from PyTorch's by ${best} where they reach ${largest}, ` +
        `wanted at most ${TOLERANCE} of it`,
    );
  }
}
