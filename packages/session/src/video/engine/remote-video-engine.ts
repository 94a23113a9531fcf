import type { ImageInput } from 'samgpu';

import type { TaskOptions } from '../../engine/engine.ts';
import type { PortableImage } from '../../engine/wire/portable-image.ts';
import type { Carrier } from '../../engine/wire/remote-engine.ts';
import type {
  OpenedTrack,
  TrackPromptRequest,
  TrackReply,
  TrackRequest,
  TrackStep,
  VideoEngine,
} from './video-engine.ts';

/** Follows objects in another thread. */
export class RemoteVideoEngine implements VideoEngine {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  open(model: string, request: TrackRequest, options: TaskOptions = {}): Promise<OpenedTrack> {
    return this.#carrier.call('trackOpen', [model, request], options);
  }

  async add(
    track: string,
    prompt: TrackPromptRequest,
    image: ImageInput,
    options: TaskOptions = {},
  ): Promise<TrackReply> {
    const { sent, transfer } = await this.#take(image, options.signal);
    return this.#carrier.call('trackAdd', [track, prompt, sent], { ...options, transfer });
  }

  remove(track: string, object: number): Promise<Pick<TrackReply, 'bytes'>> {
    return this.#carrier.call('trackRemove', [track, object], {});
  }

  async follow(
    track: string,
    step: TrackStep,
    image: ImageInput,
    options: TaskOptions = {},
  ): Promise<TrackReply> {
    const { sent, transfer } = await this.#take(image, options.signal);
    return this.#carrier.call('trackFollow', [track, step, sent], { ...options, transfer });
  }

  /** A copy that goes to the other thread; the caller's frame stays its own. */
  async #take(
    image: ImageInput,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly sent: PortableImage; readonly transfer: readonly Transferable[] }> {
    signal?.throwIfAborted();
    const portable = await this.#carrier.portable(image, signal);
    if ('clone' in portable) {
      const sent = portable.clone();
      return { sent, transfer: [sent] };
    }
    if ('close' in portable) {
      const sent = await createImageBitmap(portable);
      return { sent, transfer: [sent] };
    }
    return { sent: portable, transfer: [] };
  }
}
