import type { BackendChoice, BackendInfo, WeightInput } from 'samgpu';

/** A model that an engine offers. Plain data. */
export interface ModelDescription {
  /** Short and unique: what `load` takes. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** SPDX identifier and what its terms mean, where that is not obvious. */
  readonly licence: { readonly name: string; readonly note?: string };
  /** Size of the download; undefined where nobody says. */
  readonly bytes: number | undefined;
  /** Why the user has to bring the weights; undefined where they are downloaded or come along. */
  readonly weightsNeeded?: string;
  readonly capabilities: EngineCapabilities;
}

/** What can be asked of a model on this engine. */
export interface EngineCapabilities {
  readonly includePoints: boolean;
  readonly excludePoints: boolean;
  readonly boxes: boolean;
  /** Whether a previous mask can be corrected. */
  readonly previousMask: boolean;
  /** Whether `everything` finds all objects. */
  readonly everything: boolean;
  /** Whether `findText` finds objects by words. */
  readonly text: boolean;
  /** Whether `matte` refines edges. */
  readonly matte: boolean;
  /** Whether `video` follows objects. @defaultValue false */
  readonly video?: boolean;
}

/** Which model to load, and how. Structured-cloneable as long as the weights are. */
export interface ModelChoice {
  /** Of one of the models that the engine offers. */
  readonly name: string;
  /** @defaultValue 'auto' */
  readonly backend?: BackendChoice;
  /** The user's own weights, where a model needs them. */
  readonly weights?: WeightInput;
}

/** A model that is ready. Plain data. */
export interface LoadedModel {
  /** Of this loading, for `encode` and `release`. */
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly capabilities: EngineCapabilities;
  /** Where it runs, and why there. */
  readonly backend: BackendInfo;
  /** What went on in another way than was asked for, in words for people. */
  readonly warnings: readonly string[];
  readonly milliseconds: number;
}
