import type { Backend, Program } from '@samgpu/graph';
import type { Size } from '@samgpu/mask';
import type { TrackingVariant, Variant } from '@samgpu/variant';
import type { OpenWeights } from '@samgpu/weights';

import type { FrameInput } from '../frames/index.ts';
import { repeatAfterLoss } from '../segmenter/device-loss.ts';
import { type ImageProcessing, SourceImage } from '../segmenter/source-image.ts';
import type { EncodedFrame } from './frame-cache.ts';
import { type FrameReader, openFrames } from './frame-reader.ts';
import type { ProgramCache } from './program-cache.ts';
import { restoreTrack } from './saved-track.ts';
import { Track, type TrackOptions } from './track.ts';
import { TrackError } from './track-error.ts';
import { Tracker } from './tracker.ts';
import { TrackingPrograms } from './tracking-programs.ts';

/** What tracking takes from a loaded model. */
export interface LoadedModel {
  readonly variant: Variant;
  readonly backend: Backend;
  readonly weights: OpenWeights;
  readonly encoder: Program;
  readonly processing: ImageProcessing;
  /** Shared by all tracks of the model. */
  readonly tracking: ProgramCache;
}

/**
 * @throws TrackError `not-a-tracker`, `no-frames`
 * @throws VideoError for a video that cannot be opened
 */
export async function openTrack(
  model: LoadedModel,
  frames: FrameInput,
  options: TrackOptions,
): Promise<Track> {
  const variant = trackingVariant(model.variant);
  const { weights, encoder } = model;
  const reader = await openFrames(frames);
  const programs = new TrackingPrograms(
    { variant, manifest: weights.tensors, encoder: encoder.graph },
    model.tracking,
    model.backend.kind === 'webgpu',
  );
  const encode = (frame: number, signal?: AbortSignal): Promise<EncodedFrame> =>
    encodeFrame({ ...model, variant }, reader, frame, options, signal);
  const tracker = new Tracker({ variant, programs, encode, count: () => reader.count }, options);
  return new Track({ variant, tracker, reader, overlapping: options.overlapping ?? true });
}

/** @throws TrackError `saved-state` as well */
export async function resumeTrack(
  model: LoadedModel,
  frames: FrameInput,
  saved: Uint8Array,
  options: TrackOptions,
): Promise<Track> {
  const variant = trackingVariant(model.variant);
  const { objects, size } = await restoreTrack(saved, variant.name);
  const track = await openTrack(model, frames, options);
  track.restore(objects, size);
  return track;
}

function trackingVariant(variant: Variant): TrackingVariant {
  if (variant.tracking === undefined) {
    throw new TrackError(
      'not-a-tracker',
      `${variant.title} segments images and does not follow objects through videos; load SAM 2`,
    );
  }
  return variant as TrackingVariant;
}

async function encodeFrame(
  { variant, backend, encoder, processing }: LoadedModel & { readonly variant: TrackingVariant },
  reader: FrameReader,
  frame: number,
  { maxPixels }: TrackOptions,
  signal: AbortSignal | undefined,
): Promise<EncodedFrame> {
  const input = await reader.read(frame, signal);
  const rules = variant.tracking.preprocessing;
  const context = { backend, rules, processing };
  const limits = maxPixels === undefined ? {} : { maxPixels };
  const source = await SourceImage.open(input, context, limits);
  const encode = async (): Promise<EncodedFrame> => {
    const image = await source.prepare();
    try {
      const features = await encoder.run({ image }, { signal });
      const { width, height }: Size = source.frame.original;
      return { features, size: { width, height } };
    } finally {
      if ('dispose' in image) {
        image.dispose();
      }
    }
  };
  try {
    return await repeatAfterLoss(encode);
  } finally {
    source.dispose();
  }
}
