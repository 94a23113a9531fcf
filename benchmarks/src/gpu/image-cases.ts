/**
 * What stands around a network, on the device and in JavaScript: photographs into an encoder, logits
 * to masks of photographs.
 */
import type { MaskOutput, ResampleMethod } from '@samgpu/variant';
import type { WebGpuBackend } from '@samgpu/webgpu';
import { type EncodedImage, type PixelImage, Segmenter } from 'samgpu';

import type { Scale } from '../options.ts';
import { spreadOf } from '../statistics.ts';
import type { ComparedCase } from './compare-engines.ts';
import { imageModel, imageModelWeights } from './image-model.ts';

/** A case that measures itself on the device and in JavaScript. */
export interface ImageCase {
  readonly name: string;
  readonly compare: (ours: WebGpuBackend, runs: number) => Promise<ComparedCase>;
}

interface Sizes {
  readonly width: number;
  readonly height: number;
  /** Of the input of the encoder. */
  readonly input: number;
}

/** A photograph of 12 megapixels for SAM, or a sixteenth of both for software adapters. */
const SIZES: Readonly<Record<Scale, Sizes>> = {
  full: { width: 4000, height: 3000, input: 1024 },
  reduced: { width: 1000, height: 750, input: 256 },
};

const METHODS: readonly ResampleMethod[] = [
  'pillow-bilinear',
  'opencv-area',
  'torch-bilinear-antialias',
];

const PATHS: readonly MaskOutput['upsample'][] = ['two-step', 'bilinear-direct', 'bicubic-direct'];

export function imageCases(scale: Scale): ImageCase[] {
  const sizes = SIZES[scale];
  return [
    ...METHODS.map((method) => preprocessCase(sizes, method)),
    ...PATHS.map((upsample) => maskCase(sizes, upsample, 'memory')),
    maskCase(sizes, 'two-step', 'gpu'),
  ];
}

/** Pixels in the memory of JavaScript to features on the device. */
function preprocessCase(sizes: Sizes, method: ResampleMethod): ImageCase {
  const { width, height, input } = sizes;
  const name = `preprocess ${width}x${height} to ${input}, ${method}`;
  const compare = (ours: WebGpuBackend, runs: number): Promise<ComparedCase> =>
    withSegmenters(ours, { method, upsample: 'two-step', size: input }, async (both) => {
      const photo = photograph(sizes);
      const maxAbsError = await maskDifference(both, photo);
      const run = async (segmenter: Segmenter): Promise<void> => {
        const image = await segmenter.encode(photo);
        image.dispose();
      };
      const times = await inTurns(both, run, run, runs);
      // The photograph, what lies between the two passes, and the input of the encoder.
      const bytes = width * height * 3 + 12 * input * height + 12 * input * input;
      return { name, maxAbsError, bytes, ...summaryOf(times, bytes) };
    });
  return { name, compare };
}

/**
 * A prompt to a mask of the photograph: in the memory of JavaScript with area and bounds known, or
 * left on the device.
 */
function maskCase(
  sizes: Sizes,
  upsample: MaskOutput['upsample'],
  output: 'memory' | 'gpu',
): ImageCase {
  const { width, height, input } = sizes;
  const where = output === 'gpu' ? ', left on the device' : '';
  const name = `mask ${width}x${height} from ${input / 4}, ${upsample}${where}`;
  const model = { method: 'pillow-bilinear', upsample, size: input } as const;
  const compare = (ours: WebGpuBackend, runs: number): Promise<ComparedCase> =>
    withSegmenters(ours, model, async (both) => {
      const photo = photograph(sizes);
      const maxAbsError = await maskDifference(both, photo);
      using device = await both.device.encode(photo);
      using cpu = await both.cpu.encode(photo);
      const inMemory = async (image: EncodedImage): Promise<void> => {
        await image.segment(promptFor(photo));
      };
      const onDevice = async (): Promise<void> => {
        using result = await device.segment(promptFor(photo), { output: 'gpu' });
        void result.mask;
        await ours.device.queue.onSubmittedWorkDone();
      };
      const mine = output === 'gpu' ? onDevice : (): Promise<void> => inMemory(device);
      const times = await inTurns(both, mine, () => inMemory(cpu), runs);
      const bytes = 4 * (input / 4) ** 2 + Math.ceil(width / 32) * 4 * height;
      return { name, maxAbsError, bytes, ...summaryOf(times, bytes) };
    });
  return { name, compare };
}

interface Both {
  readonly device: Segmenter;
  readonly cpu: Segmenter;
}

async function withSegmenters<Result>(
  { device }: WebGpuBackend,
  model: Parameters<typeof imageModel>[0],
  use: (both: Both) => Promise<Result>,
): Promise<Result> {
  const load = (imageProcessing: 'device' | 'cpu'): Promise<Segmenter> =>
    Segmenter.load(imageModel(model), {
      backend: 'webgpu',
      webgpu: { device },
      weights: imageModelWeights(),
      imageProcessing,
    });
  using onDevice = await load('device');
  using onCpu = await load('cpu');
  return await use({ device: onDevice, cpu: onCpu });
}

/** Smooth with some detail, opaque. */
function photograph({ width, height }: Sizes): PixelImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      data[at] = 128 + 100 * Math.sin(x / 90) * Math.cos(y / 70);
      data[at + 1] = (x ^ y) & 255;
      data[at + 2] = (x + 3 * y) & 255;
    }
  }
  return { width, height, channels: 3, data };
}

function promptFor({ width, height }: PixelImage): { points: { x: number; y: number }[] } {
  return { points: [{ x: width / 2, y: height / 2 }] };
}

/** PyTorch's method sums in f32 on a device and in f64 here; logits are sums of 48 such values. */
const LOGIT_TOLERANCE = 1e-4;

/** Such pixels have a logit at the threshold, but for rounding: one in a thousand is suspicious. */
const PIXEL_TOLERANCE = 1e-3;

/**
 * The largest difference of the logits.
 *
 * @throws Error where they, or the masks, differ by more than rounding
 */
async function maskDifference({ device, cpu }: Both, photo: PixelImage): Promise<number> {
  using ours = await device.encode(photo);
  using theirs = await cpu.encode(photo);
  const { mask } = await ours.segment(promptFor(photo));
  const { mask: expected } = await theirs.segment(promptFor(photo));
  const [logits, wanted] = [mask.logits!.data, expected.logits!.data];
  const worst = wanted.reduce(
    (most, logit, at) => Math.max(most, Math.abs(logit - logits[at]!)),
    0,
  );
  const different = expected.data.reduce((n, pixel, at) => n + Math.abs(pixel - mask.data[at]!), 0);
  const share = different / expected.data.length;
  // Written so that NaN counts as wrong.
  if (!(worst <= LOGIT_TOLERANCE && share <= PIXEL_TOLERANCE)) {
    throw new Error(
      `device and CPU differ by ${worst} in the logits, wanted at most ${LOGIT_TOLERANCE}, and in ` +
        `${different} pixels of ${expected.data.length}`,
    );
  }
  if (expected.area === 0 || expected.area === expected.data.length) {
    throw new Error('the mask has no outline, which compares nothing');
  }
  return worst;
}

interface Times {
  readonly ours: number[];
  readonly peer: number[];
}

async function inTurns(
  { device, cpu }: Both,
  ours: (segmenter: Segmenter) => Promise<void>,
  peer: (segmenter: Segmenter) => Promise<void>,
  runs: number,
): Promise<Times> {
  const times: Times = { ours: [], peer: [] };
  for (let i = -1; i < runs; i++) {
    const mine = await timed(() => ours(device));
    const theirs = await timed(() => peer(cpu));
    if (i >= 0) {
      times.ours.push(mine);
      times.peer.push(theirs);
    }
  }
  return times;
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function summaryOf(
  times: Times,
  bytes: number,
): Pick<ComparedCase, 'ours' | 'peer' | 'ratio' | 'gigaflops' | 'gigabytesPerSecond'> {
  const [ours, peer] = [spreadOf(times.ours), spreadOf(times.peer)];
  return {
    ours,
    peer,
    ratio: peer.median / ours.median,
    gigaflops: 0,
    gigabytesPerSecond: bytes / ours.median / 1e6,
  };
}
