/** The video predictor: a clip, and calls of the official one on it. */
import { join } from 'node:path';

import type { Backend, HostValue, Program, WeightStore } from '@samgpu/graph';
import { defineSam2 } from '@samgpu/sam2';
import type { ParityCase } from '@samgpu/testing';
import { traceEncoder, type TrackingVariant } from '@samgpu/variant';
import { readImage } from 'samgpu';

import type { EncodedFrame } from '../../../../samgpu/src/track/frame-cache.ts';
import { ProgramCache } from '../../../../samgpu/src/track/program-cache.ts';
import { Tracker } from '../../../../samgpu/src/track/tracker.ts';
import type { TrackerRules } from '../../../../samgpu/src/track/tracker-rules.ts';
import { listAt, numberAt, objectAt, textAt } from '../../core/description.ts';
import type { CaseFolder } from '../../core/family.ts';
import { findPicture } from '../../core/find-picture.ts';
import { channelsFirst } from '../../core/layout.ts';
import type { StageList } from '../../core/stage-list.ts';
import { preprocessImage } from '../../network/samgpu.ts';
import { identityOf } from '../settings.ts';
import { configOf } from './config.ts';
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

export interface VideoCase {
  readonly golden: ParityCase;
  readonly stages: StageList;
  readonly variant: TrackingVariant;
  readonly weights: WeightStore;
  readonly frames: number;
  readonly clip: string;
  readonly scenarios: readonly VideoScenario[];
  readonly log: readonly VideoLog[];
  /** Whether the official predictor was built with what it does to masks by default. */
  readonly postprocesses: boolean;
}

export async function openVideoCase({
  parityCase,
  directory,
  stages,
}: CaseFolder): Promise<VideoCase> {
  const { description } = parityCase;
  const postprocesses = objectAt(description, 'official')['apply_postprocessing'] !== false;
  const imageSize =
    description['image_size'] === undefined ? 1024 : numberAt(description, 'image_size');
  const name = textAt(description, 'variant');
  const config = { ...configOf(name, imageSize), replacesUnstable: postprocesses };
  const variant = defineSam2(identityOf(name), config);
  return {
    golden: parityCase,
    stages,
    variant,
    weights: parityCase.weights(variant.weightShapes!()),
    frames: numberAt(description, 'frames'),
    clip: await findPicture(directory, textAt(description, 'clip')),
    scenarios: listAt(description, 'scenarios') as readonly VideoScenario[],
    log: listAt(description, 'log') as readonly VideoLog[],
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
  videoCase: VideoCase,
  encoder: Program,
  frame: number,
): Promise<EncodedFrame> {
  const { golden, stages } = videoCase;
  const { image, size } = await readFrame(videoCase, frame);
  const features = await encoder.run({ image });
  // The official code keeps these row by row.
  for (const [held, feature] of [
    ['vision_feat', 'embedding'],
    ['high_res.0', 'quarters'],
    ['high_res.1', 'eighths'],
  ] as const) {
    const name = `frame${frame}.${held}`;
    if (golden.has(name) && !stages.stages.some((stage) => stage.name === name)) {
      await stages.compare(name, (await features[feature]!.read()).data);
    }
  }
  return { features, size };
}

/** The encoder's input for a frame, made as `Segmenter.track` makes it. */
async function readFrame(
  { variant, clip }: VideoCase,
  frame: number,
): Promise<{ image: HostValue; size: EncodedFrame['size'] }> {
  const pixels = await readImage(join(clip, `${String(frame).padStart(5, '0')}.png`));
  const rules = variant.tracking.preprocessing;
  const { tensor } = preprocessImage(pixels, rules);
  return {
    image: { shape: [1, rules.size, rules.size, 3], data: tensor },
    size: { width: pixels.width, height: pixels.height },
  };
}

/** Inputs of all frames that the case holds. */
export async function checkFrames(videoCase: VideoCase): Promise<void> {
  for (const stored of videoCase.golden.names) {
    const [name, frame] = /^input\.frame(\d+)/.exec(stored) ?? [];
    if (name !== undefined) {
      const { image } = await readFrame(videoCase, Number(frame));
      const shape = image.shape as readonly [number, number, number, number];
      await videoCase.stages.compare(name, channelsFirst(image.data, shape));
    }
  }
}
