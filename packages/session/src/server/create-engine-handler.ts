import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Engine } from '../engine/engine.ts';
import { EVENTS } from '../engine/http/protocol.ts';
import { toJson } from '../engine/http/wire-json.ts';
import { answerCall } from '../engine/wire/answer-call.ts';
import type { WireCall, WireError, WireEvent } from '../engine/wire/messages.ts';
import { errorToWire } from '../engine/wire/wire-errors.ts';
import type { SessionErrorCode } from '../session-error.ts';
import { type AccessRules, crossOriginHeaders, refusal } from './access.ts';
import { BadRequest } from './bad-request.ts';
import { HandleStore } from './handle-store.ts';
import { parseCall } from './parse-call.ts';

export interface EngineHandlerOptions extends AccessRules {
  /** Most bytes of a request: an image, or a mask with its logits. @defaultValue 512 MiB */
  readonly maxBytes?: number;
  /** Most encoded images at once; the one unused for longest is dropped. @defaultValue 8 */
  readonly maxImages?: number;
  /** Minutes after which models and images that nobody used are dropped. @defaultValue 30 */
  readonly idleMinutes?: number;
}

/** Handles requests of `createHttpEngine`. */
export type EngineHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const STATUS: Partial<Record<SessionErrorCode, number>> = {
  'unknown-model': 404,
  'image-lost': 404,
  unsupported: 422,
  refused: 403,
  'device-lost': 503,
  'engine-lost': 503,
  disposed: 503,
};

/**
 * Serves an engine over HTTP, to be mounted on a server that listens on loopback:
 *
 * ```ts
 * const handler = createEngineHandler(createEngine({ variants }), { origins: ['https://example.org'] });
 * createServer(handler).listen(8417, '127.0.0.1');
 * ```
 */
export function createEngineHandler(
  engine: Engine,
  options: EngineHandlerOptions = {},
): EngineHandler {
  const { maxBytes = 2 ** 29, maxImages = 8, idleMinutes = 30 } = options;
  const handles = new HandleStore(engine, maxImages, idleMinutes * 60_000);

  return async (request, response) => {
    const why = refusal(request, options);
    if (why !== undefined) {
      fail(response, 403, { code: 'refused', message: why });
      return;
    }
    const headers = crossOriginHeaders(request);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    try {
      const parsed = await parseCall(request, maxBytes);
      if (parsed.kind === 'release') {
        handles.release(parsed.id);
        response.writeHead(204).end();
      } else {
        await answer(engine, handles, parsed.call, response);
      }
    } catch (error) {
      if (error instanceof BadRequest) {
        endUnread(request, response, error.status);
        fail(response, error.status, { code: 'failed', message: error.message });
      } else {
        fail(response, 500, errorToWire(error));
      }
    }
  };
}

async function answer(
  engine: Engine,
  handles: HandleStore,
  call: WireCall,
  response: ServerResponse,
): Promise<void> {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  const send = (event: WireEvent): void => {
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': EVENTS });
    response.write(`${toJson(event)}\n`);
  };
  const [subject] = call.args;
  if (typeof subject === 'string') handles.touch(subject);
  try {
    const result = await answerCall(engine, call, {
      signal: controller.signal,
      onProgress: (progress) => send({ kind: 'progress', progress }),
      onFound: (found) => send({ kind: 'found', found }),
    });
    if ('id' in result) {
      if (call.method === 'load') handles.addModel(result.id);
      else handles.addImage(result.id);
      // Nobody is there to use it.
      if (controller.signal.aborted) handles.release(result.id);
    }
    send({ kind: 'result', result });
    response.end();
  } catch (error) {
    const wire = errorToWire(error);
    fail(response, STATUS[wire.code as SessionErrorCode] ?? 500, wire);
  }
}

/** Nobody reads the rest of the body: it is thrown away, or not even received where it is too much. */
function endUnread(request: IncomingMessage, response: ServerResponse, status: number): void {
  if (status === 413) {
    response.setHeader('Connection', 'close');
    response.on('finish', () => request.destroy());
  } else {
    request.resume();
  }
}

/** The error as the last line; with a status where nothing was sent before. */
function fail(response: ServerResponse, status: number, error: WireError): void {
  if (response.destroyed) return;
  if (!response.headersSent) response.writeHead(status, { 'Content-Type': EVENTS });
  response.end(`${toJson({ kind: 'error', error })}\n`);
}
