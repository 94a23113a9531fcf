import type { ImageInput } from 'samgpu';

import { SessionError } from '../../session-error.ts';
import type { WireCalls, WireEvent, WireMethod } from '../wire/messages.ts';
import { type PortableImage, portableImage } from '../wire/portable-image.ts';
import type { CallOptions, Carrier } from '../wire/remote-engine.ts';
import { errorFromWire } from '../wire/wire-errors.ts';
import { linesOf } from './lines.ts';
import { API, IMAGE_METHODS, PIXELS } from './protocol.ts';
import { fromJson, toJson } from './wire-json.ts';

interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly type?: string;
  readonly body?: BodyInit;
}

/** Carries calls to a server, one request each. */
export class HttpCarrier implements Carrier {
  readonly #url: URL;
  readonly #token: string | undefined;
  #disposed = false;
  readonly #running = new Set<AbortController>();

  constructor(url: string | URL, { token }: { readonly token?: string }) {
    this.#url = new URL(url);
    this.#token = token;
  }

  async call<Method extends WireMethod>(
    method: Method,
    args: WireCalls[Method]['args'],
    options: CallOptions,
  ): Promise<WireCalls[Method]['result']> {
    const { signal } = options;
    signal?.throwIfAborted();
    const controller = new AbortController();
    this.#running.add(controller);
    try {
      const all = AbortSignal.any([controller.signal, ...(signal ? [signal] : [])]);
      const response = await this.#send(requestOf(method, args), all);
      return (await this.#hear(response, options)) as WireCalls[Method]['result'];
    } catch (error) {
      signal?.throwIfAborted();
      controller.signal.throwIfAborted();
      throw error instanceof SessionError ? error : this.#unreachable(error);
    } finally {
      this.#running.delete(controller);
    }
  }

  portable(input: ImageInput, signal: AbortSignal | undefined): Promise<PortableImage> {
    return portableImage(input, false, signal);
  }

  release(id: string): void {
    if (this.#disposed) return;
    // The page may be about to close. A server that is gone has released everything.
    const kind = id.startsWith('model') ? 'models' : 'images';
    const path = `${kind}/${encodeURIComponent(id)}`;
    this.#send({ method: 'DELETE', path }, undefined, true).catch(() => undefined);
  }

  onLost(): () => void {
    // A server that cannot be reached now may be the next time: each call says so by itself.
    return () => undefined;
  }

  async restart(): Promise<void> {
    await this.call('models', [], {});
  }

  dispose(): void {
    this.#disposed = true;
    const reason = new SessionError('disposed', 'this engine was disposed of');
    for (const controller of this.#running) controller.abort(reason);
  }

  #send(
    { method, path, type, body }: HttpRequest,
    signal: AbortSignal | undefined,
    keepalive = false,
  ): Promise<Response> {
    if (this.#disposed) {
      throw new SessionError('disposed', 'this engine was disposed of; create another one');
    }
    const base = this.#url.pathname.replace(/\/$/, '');
    return fetch(new URL(`${base}${API}/${path}`, this.#url), {
      method,
      headers: {
        ...(type !== undefined && { 'Content-Type': type }),
        ...(this.#token !== undefined && { Authorization: `Bearer ${this.#token}` }),
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
      keepalive,
      credentials: 'omit',
      cache: 'no-store',
    });
  }

  async #hear(response: Response, { onProgress, onFound }: CallOptions): Promise<unknown> {
    for await (const line of linesOf(response.body)) {
      const event = fromJson(line) as WireEvent;
      switch (event.kind) {
        case 'progress':
          onProgress?.(event.progress);
          break;
        case 'found':
          onFound?.(event.found);
          break;
        case 'result':
          return event.result;
        case 'error':
          throw errorFromWire(event.error);
        default:
          throw this.#unreachable(`it answered ${line.slice(0, 80)}`);
      }
    }
    throw this.#unreachable(`it answered with status ${response.status} and no result`);
  }

  #unreachable(cause: unknown): SessionError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new SessionError(
      'engine-lost',
      `the server at ${this.#url.origin} does not answer (${reason}); start it, and check the ` +
        'address and whether it lets this page in',
      { cause },
    );
  }
}

function requestOf<Method extends WireMethod>(
  method: Method,
  args: WireCalls[Method]['args'],
): HttpRequest {
  switch (method) {
    case 'models':
      return { method: 'GET', path: 'models' };
    case 'load': {
      const [choice] = args as WireCalls['load']['args'];
      if (choice.weights !== undefined) {
        throw new SessionError(
          'unsupported',
          'weights of your own cannot be sent to a server; give them to the server itself',
        );
      }
      return json('models', choice);
    }
    case 'encode':
      return encodeRequest(...(args as WireCalls['encode']['args']));
    case 'trackOpen':
    case 'trackAdd':
    case 'trackRemove':
    case 'trackFollow':
      throw new SessionError('unsupported', 'a server follows nothing through videos');
    default: {
      const [picture, ...rest] = args as readonly [string, ...unknown[]];
      const last: string = (IMAGE_METHODS as Readonly<Record<string, string>>)[method]!;
      return json(`images/${encodeURIComponent(picture)}/${last}`, rest);
    }
  }
}

function json(path: string, value: unknown): HttpRequest {
  return { method: 'POST', path, type: 'application/json', body: toJson(value) };
}

function encodeRequest(model: string, image: PortableImage): HttpRequest {
  const query = new URLSearchParams({ model });
  if (image instanceof Blob) {
    const type = 'application/octet-stream';
    return { method: 'POST', path: `images?${query.toString()}`, type, body: image };
  }
  if (!('data' in image)) {
    throw new SessionError('unsupported', 'an image that was not read; give its pixels');
  }
  for (const key of ['width', 'height', 'channels'] as const) query.set(key, String(image[key]));
  const body = image.data as Uint8Array<ArrayBuffer> | Uint8ClampedArray<ArrayBuffer>;
  return { method: 'POST', path: `images?${query.toString()}`, type: PIXELS, body };
}
