import type { ImagePreprocessing } from '@samgpu/variant';
import type { ImageResampling } from '@samgpu/webgpu';

import type { Frame, ImageSize } from './frame.ts';
import { areaTaps, wholeStep } from './opencv-area.ts';
import { type LinearPlacement, placeTaps } from './opencv-linear.ts';
import { fixedPointTaps } from './pillow.ts';
import { methodFor, normalizedLevels } from './preprocess-image.ts';
import { algorithmOf } from './resize.ts';
import { torchTaps } from './torch-bilinear.ts';

type Passes = Pick<ImageResampling, 'arithmetic' | 'columns' | 'rows' | 'block'>;

/**
 * What `preprocessImage` does with an image, for a device. Methods that work on 8-bit pixels come out
 * the same bit for bit; PyTorch's to a few units in the last place of their sums.
 */
export function deviceResampling(frame: Frame, rules: ImagePreprocessing): ImageResampling {
  return {
    size: rules.size,
    outWidth: frame.resized.width,
    outHeight: frame.resized.height,
    mean: rules.mean,
    deviation: rules.std,
    levels: normalizedLevels(rules),
    ...passesOf(frame, rules),
  };
}

function passesOf({ original, resized }: Frame, rules: ImagePreprocessing): Passes {
  /** The same for both axes. */
  const both = <Taps>(
    tapsOf: (from: number, to: number) => Taps,
  ): { columns: Taps; rows: Taps } => ({
    columns: tapsOf(original.width, resized.width),
    rows: tapsOf(original.height, resized.height),
  });
  const pillow = (filter: 'bilinear' | 'bicubic'): Passes => ({
    arithmetic: 'fixed-point',
    ...both((from, to) => fixedPointTaps(from, to, filter)),
  });
  const linear = (placement: LinearPlacement): Passes => ({
    arithmetic: 'opencv-linear',
    columns: placeTaps(original.width, resized.width, placement, 'columns'),
    rows: placeTaps(original.height, resized.height, placement, 'rows'),
  });
  const algorithm = algorithmOf(original, resized, methodFor(original, rules));
  switch (algorithm) {
    case 'pillow-bilinear':
      return pillow('bilinear');
    case 'pillow-bicubic':
      return pillow('bicubic');
    case 'opencv-area':
      return areaPasses(original, resized);
    case 'opencv-area-enlarged':
      return linear('area');
    case 'opencv-linear':
      return linear('linear');
    default:
      return {
        arithmetic: 'float',
        ...both((from, to) => torchTaps(from, to, algorithm === 'torch-bilinear-antialias')),
      };
  }
}

function areaPasses(original: ImageSize, resized: ImageSize): Passes {
  const stepX = wholeStep(original.width, resized.width);
  const stepY = wholeStep(original.height, resized.height);
  if (stepX === undefined || stepY === undefined) {
    return {
      arithmetic: 'opencv-area',
      columns: areaTaps(original.width, resized.width),
      rows: areaTaps(original.height, resized.height),
    };
  }
  return {
    arithmetic: 'opencv-blocks',
    block: [stepX, stepY],
    columns: blockTaps(stepX, resized.width),
    rows: blockTaps(stepY, resized.height),
  };
}

/** Whole blocks that lie side by side, summed. */
function blockTaps(step: number, outputs: number): ImageResampling['columns'] {
  return {
    first: Int32Array.from({ length: outputs }, (_, output) => output * step),
    weights: new Int32Array(outputs * step).fill(1),
  };
}
