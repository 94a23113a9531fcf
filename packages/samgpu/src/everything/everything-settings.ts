import {
  type CropBox,
  cropBoxes,
  pointGrid,
  pointGrids,
  type RelativePoint,
  type Size,
} from '@samgpu/mask';
import { answerRule, type Variant } from '@samgpu/variant';

import { SegmenterError } from '../segmenter/segmenter-error.ts';
import type { EverythingOptions } from './everything-options.ts';

/** Options with all defaults filled in, and checked. */
export interface EverythingSettings {
  readonly pointsPerBatch: number;
  readonly predIouThreshold: number;
  readonly stabilityThreshold: number;
  readonly stabilityOffset: number;
  readonly boxNmsThreshold: number;
  readonly cropNmsThreshold: number;
  readonly minMaskRegionArea: number;
  readonly refine: boolean;
  readonly overlap: 'boxes' | 'masks';
  readonly mode: string | undefined;
  /** Where small regions are removed. */
  readonly smallRegions: 'masks' | 'logits';
  readonly crops: readonly CropBox[];
  /** By layer. */
  readonly grids: readonly (readonly RelativePoint[])[];
  /** The grid of the second pass. */
  readonly secondGrid: readonly RelativePoint[] | undefined;
}

/**
 * @throws SegmenterError `invalid-option`
 * @throws VariantError `unknown-answer`
 * @throws MaskError `invalid-option` for grids and crops that cannot be made
 */
export function everythingSettings(
  options: EverythingOptions,
  variant: Variant,
  image: Size,
): EverythingSettings {
  const { everything = {}, capabilities, name } = variant;
  const {
    mode,
    pointsPerSide = 32,
    pointsPerBatch = 64,
    predIouThreshold = everything.predIouThreshold ?? 0.88,
    stabilityThreshold = everything.stabilityThreshold ?? 0.95,
    stabilityOffset = everything.stabilityOffset ?? 1,
    boxNmsThreshold = 0.7,
    cropLayers = 0,
    cropNmsThreshold = 0.7,
    cropOverlapRatio,
    cropPointsDownscale = 1,
    minMaskRegionArea = 0,
    refine = everything.refine ?? false,
    overlap = 'boxes',
    secondPass = false,
  } = options;
  expectOption(
    Number.isInteger(pointsPerBatch) && pointsPerBatch >= 1 && pointsPerBatch <= 1024,
    `pointsPerBatch is ${pointsPerBatch}; wanted a whole number from 1 to 1024`,
  );
  for (const [option, value] of Object.entries({ predIouThreshold, stabilityThreshold })) {
    expectOption(value >= 0 && value < 1, `${option} is ${value}; wanted 0 or more, and below 1`);
  }
  for (const [option, value] of Object.entries({ boxNmsThreshold, cropNmsThreshold })) {
    expectOption(value >= 0 && value <= 1, `${option} is ${value}; wanted 0 to 1`);
  }
  for (const [option, value] of Object.entries({ stabilityOffset, minMaskRegionArea })) {
    expectOption(
      value >= 0 && value < Infinity,
      `${option} is ${value}; wanted a number from 0 on`,
    );
  }
  expectOption(
    cropPointsDownscale > 0 && cropPointsDownscale < Infinity,
    `cropPointsDownscale is ${cropPointsDownscale}; wanted a number above 0`,
  );
  expectOption(
    overlap === 'boxes' || overlap === 'masks',
    `overlap is ${JSON.stringify(overlap)}; wanted 'boxes' or 'masks'`,
  );
  expectOption(
    capabilities.includePoints,
    `${name} does not take points, and everything is found by a grid of points; choose another model`,
  );
  expectOption(
    !refine || capabilities.previousMask,
    `refine feeds masks back, which ${name} does not take; leave it out`,
  );
  // A mode that the model has not is refused before anything runs.
  answerRule(variant, { count: 'multiple', mode });
  const secondSide =
    (secondPass === true || secondPass === false ? undefined : secondPass.pointsPerSide) ??
    2 * pointsPerSide;
  return {
    pointsPerBatch,
    predIouThreshold,
    stabilityThreshold,
    stabilityOffset,
    boxNmsThreshold,
    cropNmsThreshold,
    minMaskRegionArea,
    refine,
    overlap,
    mode,
    smallRegions: everything.smallRegions ?? 'masks',
    crops: cropBoxes(image, cropLayers, cropOverlapRatio),
    grids:
      options.pointGrids === undefined
        ? pointGrids(pointsPerSide, cropLayers, cropPointsDownscale)
        : checkedGrids(options.pointGrids, options.pointsPerSide, cropLayers),
    secondGrid: secondPass === false ? undefined : pointGrid(secondSide),
  };
}

function checkedGrids(
  grids: readonly (readonly RelativePoint[])[],
  pointsPerSide: number | undefined,
  cropLayers: number,
): readonly (readonly RelativePoint[])[] {
  expectOption(
    pointsPerSide === undefined,
    'both pointsPerSide and pointGrids are given; wanted one of the two',
  );
  expectOption(
    grids.length > cropLayers,
    `${grids.length} pointGrids for ${cropLayers} layers of crops; wanted one for the whole ` +
      `picture and one for each layer, ${cropLayers + 1} together`,
  );
  for (const { x, y } of grids.flat()) {
    expectOption(
      x >= 0 && x <= 1 && y >= 0 && y <= 1,
      `a point of pointGrids is (${x}, ${y}); wanted 0 to 1, as shares of width and height`,
    );
  }
  return grids;
}

function expectOption(condition: boolean, message: string): void {
  if (!condition) throw new SegmenterError('invalid-option', `segmentEverything: ${message}`);
}
