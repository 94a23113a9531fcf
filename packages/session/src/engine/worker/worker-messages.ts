import type { WireCall, WireEvent } from '../wire/messages.ts';

/** From the page to the worker. */
export type ToWorker =
  | ({
      readonly kind: 'call';
      readonly call: number;
      /** What the page wants to hear of it. */
      readonly wants: { readonly progress: boolean; readonly found: boolean };
    } & WireCall)
  | { readonly kind: 'abort'; readonly call: number }
  | { readonly kind: 'release'; readonly id: string }
  | { readonly kind: 'dispose' };

/** From the worker to the page. */
export type FromWorker =
  /** Before anything else. `lock` is the name of a Web Lock that is held as long as the worker lives. */
  | { readonly kind: 'ready'; readonly lock: string | null }
  | ({ readonly call: number } & WireEvent);
