import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EverythingOptions } from 'samgpu';

import { parseNumber, parseWholeNumber } from '../arguments/number.ts';
import type { EverythingRequest } from '../everything/everything-request.ts';
import type { OutputFormat } from '../outputs/output-format.ts';
import { UsageError } from '../usage-error.ts';
import { checkedPictures } from './checked-request.ts';
import {
  addInputOptions,
  addModelOptions,
  addOutputOptions,
  type PictureOptionValues,
} from './picture-options.ts';

interface EverythingOptionValues extends PictureOptionValues {
  readonly pointsPerSide?: number;
  readonly pointsPerBatch?: number;
  readonly predIou?: number;
  readonly stability?: number;
  readonly stabilityOffset?: number;
  readonly boxNms?: number;
  readonly cropLayers?: number;
  readonly cropNms?: number;
  readonly cropOverlap?: number;
  readonly cropPointsDownscale?: number;
  readonly minArea?: number;
  readonly overlap?: 'boxes' | 'masks';
  readonly secondPass: boolean;
  readonly refine?: boolean;
  readonly mode?: string;
}

/**
 * Adds the options of `everything`.
 *
 * @returns a function that makes a request of what was parsed; it throws a UsageError
 */
export function addEverythingOptions(
  command: Command,
  defaultFormats: readonly OutputFormat[],
): (inputs: readonly string[]) => EverythingRequest {
  addSearchOptions(command);
  addInputOptions(command);
  addModelOptions(command);
  addOutputOptions(command, defaultFormats);
  return (inputs) => {
    const values = command.opts<EverythingOptionValues>();
    requirePoints(values);
    return {
      ...checkedPictures(inputs, values, defaultFormats),
      options: searchOptions(values),
    };
  };
}

// Defaults that a model may change are left to the library.
function addSearchOptions(command: Command): void {
  command
    .optionsGroup('What to find (names and defaults are those of the official generator):')
    .option('--points-per-side <n>', 'points per side of the grid (default: 32)', upTo(4096))
    .option('--points-per-batch <n>', 'points decoded at once (default: 64)', upTo(1024))
    .option('--pred-iou <score>', 'least score of a mask (default: 0.88 or by the model)', share)
    .option('--stability <score>', 'least stability (default: 0.95 or by the model)', share)
    .option('--stability-offset <n>', 'how far it looks (default: 1 or by the model)', positive)
    .option('--box-nms <iou>', 'overlap above which masks are the same (default: 0.7)', overlap)
    .option('--crop-layers <n>', 'look at 2^n by 2^n parts, too (default: 0)', upTo(8, 0))
    .option('--crop-nms <iou>', 'as --box-nms, between parts (default: 0.7)', overlap)
    .option('--crop-overlap <ratio>', 'how far parts overlap (default: 512/1500)', share)
    .option('--crop-points-downscale <n>', 'fewer points in parts (default: 1)', positive)
    .option(
      '--min-area <pixels>',
      'remove smaller holes and islands (default: 0)',
      upTo(2 ** 31, 0),
    )
    .addOption(
      new Option('--overlap <what>', 'compare boxes, or masks, which keeps more').choices([
        'boxes',
        'masks',
      ]),
    )
    .option('--second-pass', 'look again, more closely, where no mask lies', false)
    .option('--refine', 'feed each mask back once; finer and slower')
    .option('--mode <name>', 'how the model answers, where it has several ways');
}

function searchOptions(values: EverythingOptionValues): EverythingOptions {
  const options = {
    pointsPerSide: values.pointsPerSide,
    pointsPerBatch: values.pointsPerBatch,
    predIouThreshold: values.predIou,
    stabilityThreshold: values.stability,
    stabilityOffset: values.stabilityOffset,
    boxNmsThreshold: values.boxNms,
    cropLayers: values.cropLayers,
    cropNmsThreshold: values.cropNms,
    cropOverlapRatio: values.cropOverlap,
    cropPointsDownscale: values.cropPointsDownscale,
    minMaskRegionArea: values.minArea,
    overlap: values.overlap,
    secondPass: values.secondPass,
    refine: values.refine,
    mode: values.mode,
  };
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as EverythingOptions;
}

function requirePoints(values: EverythingOptionValues): void {
  const { pointsPerSide = 32, cropLayers = 0, cropPointsDownscale = 1 } = values;
  if (pointsPerSide / cropPointsDownscale ** cropLayers >= 1) return;
  throw new UsageError(
    `No point is left in layer ${cropLayers} of the crops: ${pointsPerSide} points per side, ` +
      `divided by ${cropPointsDownscale} in each layer; raise --points-per-side, or lower ` +
      '--crop-points-downscale or --crop-layers.',
  );
}

function upTo(maximum: number, minimum = 1): (text: string) => number {
  return (text) => {
    const value = parseWholeNumber(text, minimum);
    if (value === undefined || value > maximum) {
      throw new InvalidArgumentError(`Wanted a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

function share(text: string): number {
  const value = parseNumber(text);
  if (value === undefined || value < 0 || value >= 1) {
    throw new InvalidArgumentError('Wanted a number from 0 on, and below 1.');
  }
  return value;
}

function overlap(text: string): number {
  return text.trim() === '1' ? 1 : share(text);
}

function positive(text: string): number {
  const value = parseNumber(text);
  if (value === undefined || value <= 0) {
    throw new InvalidArgumentError('Wanted a number above 0.');
  }
  return value;
}
