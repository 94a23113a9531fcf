import type { Engine } from '../engine.ts';
import { RemoteEngine } from '../wire/remote-engine.ts';
import { HttpCarrier } from './http-carrier.ts';

export interface HttpEngineOptions {
  /** What the server asks for, if it does. */
  readonly token?: string;
}

/**
 * An engine behind HTTP, such as `samgpu serve` on this machine. Files are sent as they are, everything
 * else as pixels. A server that forgot an image is sent it again.
 *
 * @param url - of the server, for example `http://127.0.0.1:8417`
 */
export function createHttpEngine(url: string | URL, options: HttpEngineOptions = {}): Engine {
  return new RemoteEngine('http', new HttpCarrier(url, options));
}
