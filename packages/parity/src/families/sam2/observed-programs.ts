import type { DeviceValue, RunOptions } from '@samgpu/graph';

import {
  type Found,
  type FrameFeatures,
  type ObjectPrompt,
  type ObjectView,
  TrackingPrograms,
} from '../../../../samgpu/src/track/tracking-programs.ts';

/** The programs of tracking, with what they gave last for comparison. */
export class ObservedPrograms extends TrackingPrograms {
  /** Of the last `recall`, `[objects, height, width, 256]`. */
  recalled: Float32Array | undefined;
  views: readonly ObjectView[] = [];
  /** Of the last `track`. */
  found: readonly Found[] = [];

  override async recall(
    features: FrameFeatures,
    views: readonly ObjectView[],
    options: RunOptions,
  ): Promise<DeviceValue> {
    const recalled = await super.recall(features, views, options);
    const { data } = await recalled.read();
    this.recalled = Float32Array.from(data);
    this.views = views;
    return recalled;
  }

  override async track(
    features: FrameFeatures,
    recalled: DeviceValue | undefined,
    prompts: readonly ObjectPrompt[],
    options: RunOptions,
  ): Promise<Found[]> {
    const found = await super.track(features, recalled, prompts, options);
    this.found = found;
    return found;
  }
}
