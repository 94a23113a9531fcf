import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import type { ImagePreprocessing } from '@samgpu/variant';
import { openFileSource, openSafetensors, toFloat32 } from '@samgpu/weights';
import { describe, expect, test } from 'vitest';

import type { PixelImage } from '../image-source/pixel-image.ts';
import { readImage } from '../image-source/read-image.node.ts';
import { Frame } from './frame.ts';
import { preprocessImage } from './preprocess-image.ts';
import { resizeRows } from './resize.ts';
import { SourceRows } from './source-rows.ts';

// Outputs of the official code, which lie beside the repository on machines that have them.
const shared = new URL('../../../../../shared/', import.meta.url);
const isMissing = !existsSync(new URL('parity/README.md', shared));
const hint = isMissing ? ' (skipped: there is no ../shared)' : '';

const imageNet = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] } as const;
const sam: ImagePreprocessing = {
  size: 1024,
  fit: 'longest-side',
  rounding: 'half-up',
  resample: { shrink: 'pillow-bilinear', enlarge: 'pillow-bilinear' },
  coordinates: 'scaled',
  ...imageNet,
};
const efficientSam: ImagePreprocessing = {
  ...sam,
  fit: 'squash',
  resample: { shrink: 'torch-bilinear', enlarge: 'torch-bilinear' },
};
const sam2: ImagePreprocessing = {
  ...efficientSam,
  resample: { shrink: 'torch-bilinear-antialias', enlarge: 'torch-bilinear-antialias' },
};
const sam2Video: ImagePreprocessing = {
  ...efficientSam,
  resample: { shrink: 'pillow-bicubic', enlarge: 'pillow-bicubic' },
};
const nano: ImagePreprocessing = {
  size: 384,
  fit: 'longest-side',
  rounding: 'half-even',
  resample: { shrink: 'opencv-area', enlarge: 'opencv-linear' },
  coordinates: 'pixel-centers',
  ...imageNet,
};

describe.skipIf(isMissing)(`preprocessImage and the official code${hint}`, () => {
  test.each([
    ['sam_vit_b/truck', 'truck_1080x720.png', sam, 0],
    ['sam_vit_b/dog', 'dog_333x500.png', sam, 0],
    ['mobile_sam/dog', 'dog_333x500.png', sam, 0],
    ['edge_sam/truck', 'truck_1080x720.png', sam, 0],
    // Blends in 0..1 differ by up to two last places, 1.2e-7; divided by the least std, 0.224, and
    // rounded once more.
    ['efficient_sam_vitt/truck', 'truck_1080x720.png', efficientSam, 1e-6],
    ['efficient_sam_vitt/dog', 'dog_333x500.png', efficientSam, 1e-6],
  ] as const)('%s', async (folder, picture, rules, tolerance) => {
    const image = await readShared(`parity/images/${picture}`);
    const sample = await readGolden(`parity/${folder}/golden.safetensors`, 'input.sample');
    const { tensor } = preprocessImage(image, rules);
    expect(worstOf(sample, planarSample(tensor, rules.size))).toBeLessThanOrEqual(tolerance);
  });

  test('SAM 2 on a photograph', async () => {
    const image = await readShared('parity/media-sam2-fastsam/truck_1024x683.png');
    const path = 'parity/sam2.1_hiera_tiny/image_truck/golden.safetensors';
    const sample = await readGolden(path, 'input');
    const { tensor } = preprocessImage(image, sam2);
    // A few roundings of sums near 1, 6e-8 each, divided by the least std.
    expect(worstOf(sample, planarSample(tensor, 1024))).toBeLessThan(2e-6);
  });

  test.each([
    ['img0', 'image0', 1403, 1050],
    ['img1', 'image1', 641, 480],
    ['img2', 'image2', 700, 1500],
  ] as const)('SAM 2 on %s, noise on a ramp', async (name, key, width, height) => {
    const image = noiseOnRamp(key, width, height);
    const path = 'parity/sam2_parts/golden.safetensors';
    for (const [tensorName, rules] of [
      ['sam2_image_input', sam2],
      ['sam2_image_input_old_torchvision_no_antialias', efficientSam],
    ] as const) {
      const sample = await readGolden(path, `${name}.${tensorName}`);
      const { tensor } = preprocessImage(image, rules);
      expect(worstOf(sample, planarSample(tensor, 1024))).toBeLessThan(2e-6);
    }
  });

  test.each([
    ['img0', 'image0', 1403, 1050],
    ['img1', 'image1', 641, 480],
    ['img2', 'image2', 700, 1500],
  ] as const)('frames of SAM 2, %s', async (name, key, width, height) => {
    const path = 'parity/sam2_parts/golden.safetensors';
    const sample = await readGolden(path, `${name}.sam2_video_input`);
    const { tensor } = preprocessImage(noiseOnRamp(key, width, height), sam2Video);
    // Mean and std are of bytes here, and of 0..1 there: a rounding of 0.5, 3e-8, over the least std.
    expect(worstOf(sample, planarSample(tensor, 1024))).toBeLessThan(1e-6);
  });

  test.each([0, 1])('nano on picture %i, the whole input', async (index) => {
    const image = await readShared(`nano/golden_${index}.png`);
    const planar = await readGolden('nano/golden.safetensors', `image${index}.input`);
    const { tensor, frame } = preprocessImage(image, nano);
    expect(frame.resized).toEqual({ width: image.width, height: image.height });
    const plane = 384 * 384;
    // [3, 384, 384] to [384, 384, 3]
    const expected = planar.map((_, i) => planar.at((i % 3) * plane + Math.floor(i / 3))!);
    expect(worstOf(expected, tensor)).toBe(0);
  });

  test('SAM resizes formula images to the same bytes', async () => {
    const { cases } = readJson('parity/algorithms/resize_image.json') as {
      cases: readonly ResizeCase[];
    };
    expect(cases).toHaveLength(14);
    for (const { kind, seed, size, output_size: outputSize, output_sha256: expected } of cases) {
      const [height, width] = size;
      const image = kind === 'noise' ? noise(seed, width, height) : ramp(width, height);
      const { resized } = new Frame(image, sam);
      expect([resized.height, resized.width]).toEqual(outputSize);
      const hash = createHash('sha256');
      const bytes = (row: Uint8ClampedArray): void => void hash.update(row);
      const sink = { bytes, floats: () => expect.unreachable() };
      resizeRows(new SourceRows(image), resized, 'pillow-bilinear', sink);
      expect(hash.digest('hex')).toBe(expected);
    }
  });

  test('SAM maps prompts to the same coordinates', () => {
    const { cases } = readJson('parity/algorithms/resize_longest_side.json') as {
      cases: readonly CoordinatesCase[];
    };
    // Thin images become nothing in the official code; here they keep a pixel.
    const usable = cases.filter((reference) => !reference.preprocess_shape.includes(0));
    expect(usable.length).toBeGreaterThan(3);
    for (const reference of usable) {
      const [height, width] = reference.original_size;
      const frame = new Frame({ width, height }, { ...sam, size: reference.target });
      const shape = [frame.resized.height, frame.resized.width];
      expect(shape).toEqual(reference.preprocess_shape);
      const mapped = reference.points.map(([x, y]) => {
        const point = frame.toFrame(x, y);
        return [point.x, point.y];
      });
      const expected = reference.apply_coords_f64.map((point) => point.map(Math.fround));
      expect(mapped).toEqual(expected);
    }
  });
});

interface ResizeCase {
  readonly kind: 'noise' | 'ramp';
  readonly seed: number;
  readonly size: readonly [height: number, width: number];
  readonly output_size: readonly [height: number, width: number];
  readonly output_sha256: string;
}

interface CoordinatesCase {
  readonly target: number;
  readonly original_size: readonly [height: number, width: number];
  readonly preprocess_shape: readonly [height: number, width: number];
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly apply_coords_f64: readonly (readonly number[])[];
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, shared), 'utf8'));
}

async function readShared(path: string): Promise<PixelImage> {
  const image = await readImage(new URL(path, shared));
  expect(image.channels).toBe(3);
  return image;
}

async function readGolden(path: string, name: string): Promise<Float32Array> {
  const file = await openSafetensors(await openFileSource(new URL(path, shared)));
  try {
    return toFloat32(await file.read(name), file.tensors.get(name)!.dtype);
  } finally {
    await file.close();
  }
}

/** The values of a `[size, size, 3]` tensor that a golden of `[3, size, size]` keeps. */
function planarSample(tensor: Float32Array, size: number): Float32Array {
  const plane = size * size;
  return Float32Array.from({ length: 8192 }, (_, k) => {
    const index = (Math.imul(k, 2654435761) >>> 0) % (3 * plane);
    return tensor[(index % plane) * 3 + Math.floor(index / plane)]!;
  });
}

function worstOf(expected: Float32Array, actual: Float32Array): number {
  expect(actual).toHaveLength(expected.length);
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected.at(i)!)), 0);
}

/** The hash behind all formula values: 32 bits for the index-th value of a key. */
function formulaBits(key: string, seed: number): (index: number) => number {
  let start = 2166136261;
  for (const byte of new TextEncoder().encode(key)) start = Math.imul(start ^ byte, 16777619);
  return (index) => {
    let x = (start ^ seed) + Math.imul(index, 0x9e3779b9);
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (x ^ (x >>> 16)) >>> 0;
  };
}

function image(width: number, height: number, valueAt: (index: number) => number): PixelImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = valueAt(i);
  return { width, height, channels: 3, data };
}

function noise(seed: number, width: number, height: number): PixelImage {
  const bits = formulaBits('formula.image', seed);
  return image(width, height, (index) => bits(index) >>> 24);
}

function ramp(width: number, height: number): PixelImage {
  return image(width, height, (index) => {
    const x = Math.floor(index / 3) % width;
    const y = Math.floor(index / 3 / width);
    return (3 * x + 5 * y + 40 * (index % 3) + ((x * y) >> 6)) & 255;
  });
}

function noiseOnRamp(key: string, width: number, height: number): PixelImage {
  const bits = formulaBits(key, 1);
  return image(width, height, (index) => {
    const x = Math.floor(index / 3) % width;
    const y = Math.floor(index / 3 / width);
    const shares = [x / (width - 1), y / (height - 1), (x + y) / (width + height - 2)];
    const level = Math.floor(255 * shares.at(index % 3)!);
    return ((bits(index) >>> 24) + level) >> 1;
  });
}
