import type { AlphaMask, Mask } from '@samgpu/mask';
import type { ImageInput } from 'samgpu';

import type { SessionError } from '../../session-error.ts';
import type {
  EncodedPicture,
  Engine,
  EverythingRequest,
  FindOptions,
  FoundObject,
  MatteRequest,
  SegmentReply,
  SegmentRequest,
  TaskOptions,
} from '../engine.ts';
import { RemoteVideoEngine } from '../../video/engine/remote-video-engine.ts';
import type { VideoEngine } from '../../video/engine/video-engine.ts';
import type { LoadedModel, ModelChoice, ModelDescription } from '../model-description.ts';
import type { WireCalls, WireFound, WireMethod } from './messages.ts';
import type { PortableImage } from './portable-image.ts';
import { foundFromWire, maskToWire, replyFromWire, requestToWire } from './wire-masks.ts';

/** What a call may hear before its result, and how it is given up. */
export interface CallOptions extends TaskOptions {
  readonly onFound?: ((found: WireFound) => void) | undefined;
  /** What of the arguments is handed over, not copied. */
  readonly transfer?: readonly Transferable[] | undefined;
}

/** Carries calls to an engine elsewhere. */
export interface Carrier {
  /** Rejects with a `SessionError`, or with the signal's reason. */
  call<Method extends WireMethod>(
    method: Method,
    args: WireCalls[Method]['args'],
    options: CallOptions,
  ): Promise<WireCalls[Method]['result']>;
  /** An image in a form that it can carry. */
  portable(input: ImageInput, signal: AbortSignal | undefined): Promise<PortableImage>;
  release(id: string): void;
  onLost(listener: (error: SessionError) => void): () => void;
  restart(): Promise<void>;
  dispose(): void;
}

/** An engine that runs somewhere else. */
export class RemoteEngine implements Engine {
  readonly kind: 'worker' | 'http';
  readonly video: VideoEngine | undefined;
  readonly #carrier: Carrier;

  constructor(kind: 'worker' | 'http', carrier: Carrier) {
    this.kind = kind;
    this.#carrier = carrier;
    this.video = kind === 'worker' ? new RemoteVideoEngine(carrier) : undefined;
  }

  models(options: Pick<TaskOptions, 'signal'> = {}): Promise<readonly ModelDescription[]> {
    return this.#carrier.call('models', [], options);
  }

  load(choice: ModelChoice, options: TaskOptions = {}): Promise<LoadedModel> {
    return this.#carrier.call('load', [choice], options);
  }

  async encode(
    model: string,
    image: ImageInput,
    options: TaskOptions = {},
  ): Promise<EncodedPicture> {
    options.signal?.throwIfAborted();
    const portable = await this.#carrier.portable(image, options.signal);
    return this.#carrier.call('encode', [model, portable], options);
  }

  async segment(
    picture: string,
    request: SegmentRequest,
    options: Pick<TaskOptions, 'signal'> = {},
  ): Promise<SegmentReply> {
    const wire = requestToWire(request);
    return replyFromWire(await this.#carrier.call('segment', [picture, wire], options), request);
  }

  everything(
    picture: string,
    request: EverythingRequest,
    options: FindOptions = {},
  ): Promise<readonly FoundObject[]> {
    return this.#find('everything', [picture, request], options);
  }

  findText(
    picture: string,
    words: string,
    options: FindOptions = {},
  ): Promise<readonly FoundObject[]> {
    return this.#find('findText', [picture, words], options);
  }

  async matte(
    picture: string,
    mask: Mask,
    request: MatteRequest,
    options: TaskOptions = {},
  ): Promise<AlphaMask> {
    return this.#carrier.call('matte', [picture, maskToWire(mask), request], options);
  }

  release(id: string): void {
    this.#carrier.release(id);
  }

  onLost(listener: (error: SessionError) => void): () => void {
    return this.#carrier.onLost(listener);
  }

  restart(): Promise<void> {
    return this.#carrier.restart();
  }

  dispose(): void {
    this.#carrier.dispose();
  }

  async #find<Method extends 'everything' | 'findText'>(
    method: Method,
    args: WireCalls[Method]['args'],
    { onFound, ...options }: FindOptions,
  ): Promise<readonly FoundObject[]> {
    const found = await this.#carrier.call(method, args, {
      ...options,
      ...(onFound && { onFound: (one: WireFound) => onFound(foundFromWire(one)) }),
    });
    return found.map((one) => foundFromWire(one));
  }
}
