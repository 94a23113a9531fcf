import type { ResampleMethod } from '@samgpu/variant';

import type { ImageSize } from './frame.ts';
import { resizeOpencvArea, wholeStep } from './opencv-area.ts';
import { resizeOpencvLinear } from './opencv-linear.ts';
import { resizePillowBilinear } from './pillow-bilinear.ts';
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
  switch (method) {
    case 'pillow-bilinear':
      return resizePillowBilinear(source, size, bytes);
    case 'opencv-area':
      if (size.width <= source.width && size.height <= source.height) {
        return resizeOpencvArea(source, size, bytes);
      }
      return resizeOpencvLinear(source, size, 'area', bytes);
    case 'opencv-linear':
      // OpenCV takes the mean of 2 x 2 pixels for exact halving.
      if (
        wholeStep(source.width, size.width) === 2 &&
        wholeStep(source.height, size.height) === 2
      ) {
        return resizeOpencvArea(source, size, bytes);
      }
      return resizeOpencvLinear(source, size, 'linear', bytes);
    case 'torch-bilinear':
      return resizeTorchBilinear(source, size, { antialias: false }, floats);
    case 'torch-bilinear-antialias':
      return resizeTorchBilinear(source, size, { antialias: true }, floats);
  }
}
