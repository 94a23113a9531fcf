/** What a page and a worker talk through: a `Worker`, its global scope, a `MessagePort`, or those of Node. */
export interface WorkerPort {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  addEventListener?(type: string, listener: (event: Event) => void): void;
  /** Node's threads. */
  on?(type: string, listener: (value: unknown) => void): unknown;
  /** Ports deliver nothing before. */
  start?(): void;
  terminate?(): unknown;
}

/** Hears what comes through a port, whichever way it tells. */
export function listen(port: WorkerPort, type: string, listener: (value: unknown) => void): void {
  if (port.addEventListener) {
    port.addEventListener(type, (event) =>
      listener('data' in event && type === 'message' ? event.data : event),
    );
  } else {
    port.on?.(type, listener);
  }
}
