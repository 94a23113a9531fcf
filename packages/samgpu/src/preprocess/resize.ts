import type { ResampleMethod } from '@samgpu/variant';

import type { ImageSize } from './frame.ts';
import { resizeOpencvArea, wholeStep } from './opencv-area.ts';
import { resizeOpencvLinear } from './opencv-linear.ts';
import { resizePillow } from './pillow.ts';
import type { SourceRows } from './source-rows.ts';
import { resizeTorchBilinear } from './torch-bilinear.ts';

/** Takes the rows of a resized image from top to bottom, `[width, 3]` each. The array is reused. */
export interface RowSink {
  /** Rows in 0..255, from methods that work on 8-bit pixels. */
  bytes(row: Uint8ClampedArray, y: number): void;
  /** Rows in 0..1, from methods that work on floats. */
  floats(row: Float32Array, y: number): void;
}

/** Resizes an image row by row; nothing the size of the image is allocated. */
export function resizeRows(
  source: SourceRows,
  size: ImageSize,
  method: ResampleMethod,
  sink: RowSink,
): void {
  const bytes = (row: Uint8ClampedArray, y: number): void => sink.bytes(row, y);
  const floats = (row: Float32Array, y: number): void => sink.floats(row, y);
  switch (algorithmOf(source, size, method)) {
    case 'pillow-bilinear':
      return resizePillow(source, size, 'bilinear', bytes);
    case 'pillow-bicubic':
      return resizePillow(source, size, 'bicubic', bytes);
    case 'opencv-area':
      return resizeOpencvArea(source, size, bytes);
    case 'opencv-area-enlarged':
      return resizeOpencvLinear(source, size, 'area', bytes);
    case 'opencv-linear':
      return resizeOpencvLinear(source, size, 'linear', bytes);
    case 'torch-bilinear':
      return resizeTorchBilinear(source, size, { antialias: false }, floats);
    case 'torch-bilinear-antialias':
      return resizeTorchBilinear(source, size, { antialias: true }, floats);
  }
}

/** What a method comes down to for two sizes: OpenCV chooses by them. */
export type ResizeAlgorithm = ResampleMethod | 'opencv-area-enlarged';

export function algorithmOf(
  source: ImageSize,
  size: ImageSize,
  method: ResampleMethod,
): ResizeAlgorithm {
  if (method === 'opencv-area') {
    const shrinks = size.width <= source.width && size.height <= source.height;
    return shrinks ? 'opencv-area' : 'opencv-area-enlarged';
  }
  if (method === 'opencv-linear') {
    // OpenCV takes the mean of 2 x 2 pixels for exact halving.
    const halves =
      wholeStep(source.width, size.width) === 2 && wholeStep(source.height, size.height) === 2;
    return halves ? 'opencv-area' : 'opencv-linear';
  }
  return method;
}
