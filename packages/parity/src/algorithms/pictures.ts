import { createHash } from 'node:crypto';

import type { ImagePreprocessing } from '@samgpu/variant';
import { formulaValues } from '@samgpu/testing';
import type { PixelImage } from 'samgpu';

import { UnsupportedCaseError } from '../core/result.ts';
import { Frame, resizeRows, SourceRows } from '../network/samgpu.ts';
import { type Algorithm, eachCase, exactly, sameText } from './algorithm.ts';

const rules: Pick<ImagePreprocessing, 'fit' | 'rounding' | 'coordinates'> = {
  fit: 'longest-side',
  rounding: 'half-up',
  coordinates: 'scaled',
};

interface CoordinatesCase {
  readonly target: number;
  readonly original_size: readonly [height: number, width: number];
  readonly preprocess_shape: readonly [height: number, width: number];
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly apply_coords_f64: readonly (readonly number[])[];
  readonly boxes?: readonly (readonly [number, number, number, number])[];
  readonly apply_boxes_f64?: readonly (readonly number[])[];
}

/** `ResizeLongestSide`: sizes, points and boxes. Prompts are mapped in float64 and rounded once. */
const resizeLongestSide = eachCase(
  'resize_longest_side',
  ['target', 'preprocess_shape'],
  (item: CoordinatesCase, at, stages) => {
    if (item.preprocess_shape.includes(0)) {
      stages.leaveOut(
        at,
        'thin pictures become nothing in the official code; here they keep a pixel',
      );
      return;
    }
    const [height, width] = item.original_size;
    const frame = new Frame({ width, height }, { ...rules, size: item.target });
    const { resized } = frame;
    exactly(stages, `${at}.shape`, [resized.height, resized.width], item.preprocess_shape);
    const mapped = (x: number, y: number): number[] => {
      const point = frame.toFrame(x, y);
      return [point.x, point.y];
    };
    const rounded = (values: readonly (readonly number[])[]): number[] =>
      values.flat().map(Math.fround);
    const points = item.points.map(([x, y]) => mapped(x, y));
    exactly(stages, `${at}.points`, points, rounded(item.apply_coords_f64));
    if (item.boxes !== undefined && item.apply_boxes_f64 !== undefined) {
      const boxes = item.boxes.map((box) => [...mapped(box[0], box[1]), ...mapped(box[2], box[3])]);
      exactly(stages, `${at}.boxes`, boxes, rounded(item.apply_boxes_f64));
    }
  },
);

interface ResizeCase {
  readonly kind: string;
  readonly seed: number;
  readonly size: readonly [height: number, width: number];
  readonly target?: number;
  readonly input_sha256?: string;
  readonly output_size: readonly [height: number, width: number];
  readonly output_sha256: string;
}

/** `apply_image` on pictures that are formulas. */
const resizeImage = eachCase(
  'resize_image',
  ['kind', 'size', 'output_sha256'],
  ({ kind, seed, size: [height, width], ...item }: ResizeCase, at, stages) => {
    const picture = draw(kind, seed, width, height);
    if (item.input_sha256 !== undefined) {
      sameText(stages, `${at}.input`, hashOf(picture.data), item.input_sha256);
    }
    // A case gives the size of its output, whose longest side is the target.
    const target = item.target ?? Math.max(...item.output_size);
    const { resized } = new Frame(picture, { ...rules, size: target });
    exactly(stages, `${at}.size`, [resized.height, resized.width], item.output_size);
    const hash = createHash('sha256');
    resizeRows(new SourceRows(picture), resized, 'pillow-bilinear', {
      bytes: (row) => void hash.update(row),
      floats: () => undefined,
    });
    sameText(stages, `${at}.output`, hash.digest('hex'), item.output_sha256);
  },
);

function draw(kind: string, seed: number, width: number, height: number): PixelImage {
  const size = width * height * 3;
  const data = new Uint8Array(size);
  if (kind === 'noise') {
    const values = formulaValues('formula.image', size, { seed, scale: 1 });
    values.forEach((value, i) => (data[i] = Math.floor((value + 1) * 128)));
  } else if (kind === 'ramp') {
    for (let i = 0; i < size; i++) {
      const x = Math.floor(i / 3) % width;
      const y = Math.floor(i / 3 / width);
      data[i] = (3 * x + 5 * y + 40 * (i % 3) + ((x * y) >> 6)) & 255;
    }
  } else {
    throw new UnsupportedCaseError(`a picture of kind ${kind}; known are noise and ramp`);
  }
  return { width, height, channels: 3, data };
}

function hashOf(bytes: Uint8Array | Uint8ClampedArray): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export const pictureAlgorithms: readonly Algorithm[] = [resizeLongestSide, resizeImage];
