import type { Box, Mask } from '@samgpu/mask';

import { SegmenterError } from '../segmenter/segmenter-error.ts';
import type { Grounder } from './grounder.ts';

/** How far finding by words has come. */
export interface TextProgress {
  /** `ground`: the grounder looks for boxes. `segment`: the decoder makes masks of them. */
  readonly stage: 'ground' | 'segment';
  /** Boxes that have masks. */
  readonly boxes: number;
  /** Boxes that get one; undefined while the grounder is at work. */
  readonly total: number | undefined;
}

export interface TextOptions {
  /** What turns words into boxes; see `@samgpu/text`. */
  readonly grounder: Grounder;
  /** Boxes that the grounder is less sure of are dropped. Default: its own threshold. */
  readonly minScore?: number;
  /** Most objects; the boxes that the grounder is surest of are taken. @defaultValue 64 */
  readonly maxObjects?: number;
  /**
   * Of boxes with one label whose intersection over union is above this, the surest one stays; the
   * decoder never sees the others. @defaultValue 0.7
   */
  readonly boxNmsThreshold?: number;
  /**
   * Of masks whose intersection over union is above this, whatever their labels, the one of the
   * surest box stays. @defaultValue 0.7
   */
  readonly maskNmsThreshold?: number;
  /**
   * Of masks with one label of which one lies within the other by more than this share of its
   * area, the one of the surest box stays: a part beside its whole, one thing beside the group. 1
   * keeps all. Masks decide this, not boxes: the box of a child before its parent lies within the
   * parent's. @defaultValue 0.9
   */
  readonly nestedThreshold?: number;
  /** Gives up with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TextProgress) => void;
}

/** One object that was found by words. */
export interface TextMask {
  /** At the size of the picture. It holds run lengths; its pixels are made when they are used. */
  readonly mask: Mask;
  /** What it was found as. */
  readonly label: string;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** How sure the grounder is of the box, 0 to 1. */
  readonly boxScore: number;
  /** What the grounder gave, within the picture. */
  readonly box: Box;
}

/** What was found by words. */
export interface TextResult {
  /** Without duplicates; those that the grounder is surest of first. */
  readonly masks: readonly TextMask[];
  readonly timings: TextTimings;
}

/** Where the time went, in milliseconds. */
export interface TextTimings {
  /** Waiting for the grounder. */
  readonly ground: number;
  /** Boxes to masks, and looking for duplicates. */
  readonly segment: number;
}

/** Options with all defaults filled in, and checked. */
export type TextSettings = Required<
  Pick<TextOptions, 'maxObjects' | 'boxNmsThreshold' | 'maskNmsThreshold' | 'nestedThreshold'>
> &
  Pick<TextOptions, 'grounder' | 'minScore'>;

/** @throws SegmenterError `invalid-option` */
export function textSettings(options: TextOptions): TextSettings {
  const {
    grounder,
    minScore,
    maxObjects = 64,
    boxNmsThreshold = 0.7,
    maskNmsThreshold = 0.7,
    nestedThreshold = 0.9,
  } = options;
  if (typeof (grounder as Grounder | undefined)?.ground !== 'function') {
    throw invalid('no grounder; give { grounder }, which turns words into boxes: see @samgpu/text');
  }
  if (!(Number.isInteger(maxObjects) && maxObjects >= 1)) {
    throw invalid(`maxObjects is ${maxObjects}; wanted a whole number from 1 on`);
  }
  const shares = { minScore: minScore ?? 0, boxNmsThreshold, maskNmsThreshold, nestedThreshold };
  for (const [option, value] of Object.entries(shares)) {
    if (!(value >= 0 && value <= 1)) throw invalid(`${option} is ${value}; wanted 0 to 1`);
  }
  return {
    grounder,
    maxObjects,
    boxNmsThreshold,
    maskNmsThreshold,
    nestedThreshold,
    ...(minScore !== undefined && { minScore }),
  };
}

function invalid(message: string): SegmenterError {
  return new SegmenterError('invalid-option', `segmentText: ${message}`);
}
