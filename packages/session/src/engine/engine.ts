import type { AlphaMask, Box, Logits, Mask } from '@samgpu/mask';
import type { EverythingOptions, ImageInput, Point } from 'samgpu';

import type { SessionError } from '../session-error.ts';
import type { VideoEngine } from '../video/engine/video-engine.ts';
import type { LoadedModel, ModelChoice, ModelDescription } from './model-description.ts';

/** How far long work has come. */
export interface EngineProgress {
  readonly stage: 'weights' | 'compile' | 'encode' | 'everything' | 'matte' | 'text';
  /** Of `weights`: what is done with them. */
  readonly phase?: string;
  /** Bytes of weights, programs, points of a grid, or tiles. */
  readonly loaded: number;
  /** Undefined where nobody knows. */
  readonly total: number | undefined;
}

export interface TaskOptions {
  /** Gives up with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EngineProgress) => void) | undefined;
}

/** An image after the encoder. */
export interface EncodedPicture {
  /** For `segment` and the like, and `release`. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly milliseconds: number;
}

/** What to segment, in pixels of the image. At least one of points, box and mask. */
export interface SegmentRequest {
  readonly points?: readonly Point[];
  readonly box?: Box;
  /** A mask to start from: any, or logits that the same model gave. */
  readonly mask?: Mask | Logits;
  /** Whether that is only a hint, such as a stroke, rather than nearly the object. @defaultValue false */
  readonly isHint?: boolean;
  /**
   * - `ambiguous`: for a prompt that may mean several things
   * - `clear`: for one that leaves little open
   */
  readonly answers: 'ambiguous' | 'clear';
}

/** One answer of a model. */
export interface Candidate {
  readonly mask: Mask;
  /** Whether the model gave it as its one answer for a clear prompt, or as an alternative. */
  readonly kind: 'single' | 'alternative';
  /** The mask with pieces that no click lies on, where those were dropped. */
  readonly whole?: Mask;
}

export interface SegmentReply {
  /**
   * At least one, best first: those that do justice to more points and to the box, then the kind of
   * answer that suits the prompt, then by the model's own score. Pixels of all but the first may be made
   * only when they are looked at.
   */
  readonly candidates: readonly Candidate[];
  readonly milliseconds: number;
}

/** An object that was found without being pointed at. */
export interface FoundObject {
  readonly mask: Mask;
  /** Words that it was found by; undefined in finding everything. */
  readonly label?: string;
  /** How sure the grounder is of it, 0 to 1; undefined in finding everything. */
  readonly boxScore?: number;
}

/** How everything is found: the options of `segmentEverything` that are plain data. */
export type EverythingRequest = Omit<EverythingOptions, 'signal' | 'onProgress'>;

export interface FindOptions extends TaskOptions {
  /** Told each object when it is first found. The result may hold a better mask of it, or none. */
  readonly onFound?: ((found: FoundObject) => void) | undefined;
}

/** How edges are refined; see `@samgpu/matte`. */
export interface MatteRequest {
  /** Pixels to both sides of the outline that are uncertain. @defaultValue 'auto' */
  readonly band?: number | 'auto';
  /** @defaultValue 'best' */
  readonly method?: 'fast' | 'best';
}

/**
 * What runs models: in this page, in a worker or behind HTTP. It holds any number of models and
 * images, by id, so that several sessions may share one.
 *
 * Errors are `SessionError`s: `unknown-model`, `image-lost` for an id that it does not have (any
 * longer), `engine-lost` when it is gone as a whole, `device-lost`, `unsupported`, `disposed`, and
 * `failed` for everything else, with the cause. An aborted call rejects with the signal's reason.
 */
export interface Engine {
  readonly kind: 'page' | 'worker' | 'http';
  /** Follows objects through videos. Servers do not. */
  readonly video?: VideoEngine | undefined;
  models(options?: Pick<TaskOptions, 'signal'>): Promise<readonly ModelDescription[]>;
  /** Loads a model. Loading the same one again gives it an id of its own and costs nothing. */
  load(choice: ModelChoice, options?: TaskOptions): Promise<LoadedModel>;
  /** @param model - id of a loaded model */
  encode(model: string, image: ImageInput, options?: TaskOptions): Promise<EncodedPicture>;
  /** @param picture - id of an encoded image, here and below */
  segment(
    picture: string,
    request: SegmentRequest,
    options?: Pick<TaskOptions, 'signal'>,
  ): Promise<SegmentReply>;
  everything(
    picture: string,
    request: EverythingRequest,
    options?: FindOptions,
  ): Promise<readonly FoundObject[]>;
  /** Wants a grounder and a model that takes boxes: `capabilities.text`. */
  findText(picture: string, words: string, options?: FindOptions): Promise<readonly FoundObject[]>;
  matte(
    picture: string,
    mask: Mask,
    request: MatteRequest,
    options?: TaskOptions,
  ): Promise<AlphaMask>;
  /** The GPU that a model runs on, where it is in this page; after a loss another one. */
  deviceOf?(model: string): GPUDevice | undefined;
  /** Frees a model, an encoded image or a track. What it does not know it ignores. */
  release(id: string): void;
  /** Told when the engine is lost as a whole. @returns ends the subscription */
  onLost(listener: (error: SessionError) => void): () => void;
  /** Starts anew after a loss. Models and images have to be loaded and encoded again. */
  restart(): Promise<void>;
  dispose(): void;
}
