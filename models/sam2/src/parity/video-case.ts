/** The video predictor: a clip, and calls of the official one on it. */
import { join } from 'node:path';

import type { Backend, Program } from '@samgpu/graph';
import type { FormulaWeightStore } from '@samgpu/testing';
import { traceEncoder, type TrackingVariant } from '@samgpu/variant';
import { readImage } from 'samgpu';

import { preprocessImage } from '../../../../packages/samgpu/src/preprocess/index.ts';
import type { EncodedFrame } from '../../../../packages/samgpu/src/track/frame-cache.ts';
import { ProgramCache } from '../../../../packages/samgpu/src/track/program-cache.ts';
import { Tracker, type TrackerRules } from '../../../../packages/samgpu/src/track/tracker.ts';
import { defineSam2 } from '../define-sam2.ts';
import { weightShapes } from '../weight-shapes.ts';
import { formulaIdentity, type NetworkFiles, openNetworkFiles } from './case-files.ts';
import { ObservedPrograms } from './observed-programs.ts';

/** A call of the official predictor. */
export interface VideoStep {
  readonly op: 'add' | 'mask' | 'propagate';
  readonly frame?: number;
  readonly obj?: number;
  readonly points?: readonly (readonly [x: number, y: number])[];
  readonly labels?: readonly number[];
  readonly box?: readonly [left: number, top: number, right: number, bottom: number];
  readonly clear_old_points?: boolean;
  /** Half open, in pixels of the video. */
  readonly rect?: readonly [left: number, top: number, right: number, bottom: number];
  readonly start_frame_idx?: number;
  readonly max_frame_num_to_track?: number;
  readonly reverse?: boolean;
}

export interface VideoScenario {
  readonly name: string;
  readonly steps: readonly VideoStep[];
  readonly set?: { readonly add_all_frames_to_correct_as_cond?: boolean };
}

/** What the official run noted of a step. */
export interface VideoLog {
  readonly step: string;
  readonly obj?: number;
  readonly obj_ids?: readonly number[];
  readonly best?: number;
  readonly pixels_filled?: number;
}

export interface VideoCase extends NetworkFiles {
  readonly variant: TrackingVariant;
  readonly weights: FormulaWeightStore;
  readonly frames: number;
  readonly clip: string;
  readonly scenarios: readonly VideoScenario[];
  readonly log: readonly VideoLog[];
  /** Whether the official predictor was built with what it does to masks by default. */
  readonly postprocesses: boolean;
}

/** @param pictures - the folder that a case's name of its clip begins at */
export async function openVideoCase(directory: string, pictures: string): Promise<VideoCase> {
  const files = await openNetworkFiles(directory);
  const described = files.golden.description as {
    readonly clip: string;
    readonly frames: number;
    readonly scenarios: readonly VideoScenario[];
    readonly log: readonly VideoLog[];
    readonly official: { readonly apply_postprocessing: boolean };
  };
  const postprocesses = described.official.apply_postprocessing;
  const config = { ...files.config, replacesUnstable: postprocesses };
  return {
    ...files,
    config,
    variant: defineSam2(formulaIdentity(files), config),
    weights: files.golden.weights(weightShapes(config)),
    frames: described.frames,
    clip: join(pictures, described.clip),
    scenarios: described.scenarios,
    log: described.log,
    postprocesses,
  };
}

/** A tracker on the frames of a case, and what its programs give. */
export interface ObservedTracker {
  readonly tracker: Tracker;
  readonly programs: ObservedPrograms;
  /** Features of a frame, as they went into the programs. */
  readonly encode: (frame: number) => Promise<EncodedFrame>;
  readonly stop: () => void;
}

export async function startTracker(
  videoCase: VideoCase,
  backend: Backend,
  scenario: VideoScenario,
): Promise<ObservedTracker> {
  const { variant, weights, frames, postprocesses } = videoCase;
  const graph = traceEncoder(variant, weights.tensors);
  const encoder = await backend.compile(graph, weights);
  const source = { variant, manifest: weights.tensors, encoder: graph };
  const cache = new ProgramCache(backend, weights);
  const programs = new ObservedPrograms(source, cache);
  const encode = (frame: number): Promise<EncodedFrame> => encodeFrame(videoCase, encoder, frame);
  const rules: TrackerRules = {
    ...(postprocesses ? {} : { fillHoles: 0, remembersAsSeen: false }),
    correctionsCondition: scenario.set?.add_all_frames_to_correct_as_cond ?? false,
  };
  const tracker = new Tracker({ variant, programs, encode, count: () => frames }, rules);
  return {
    tracker,
    programs,
    encode,
    stop() {
      tracker.dispose();
      cache.dispose();
      encoder.dispose();
    },
  };
}

async function encodeFrame(
  { variant, clip }: VideoCase,
  encoder: Program,
  frame: number,
): Promise<EncodedFrame> {
  const pixels = await readImage(join(clip, `${String(frame).padStart(5, '0')}.png`));
  const rules = variant.tracking.preprocessing;
  const { tensor } = preprocessImage(pixels, rules);
  const features = await encoder.run({
    image: { shape: [1, rules.size, rules.size, 3], data: tensor },
  });
  return { features, size: { width: pixels.width, height: pixels.height } };
}
