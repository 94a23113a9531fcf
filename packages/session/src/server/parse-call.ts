import type { IncomingMessage } from 'node:http';

import type { Logits } from '@samgpu/mask';
import type { PixelImage } from 'samgpu';

import type { EverythingRequest, MatteRequest } from '../engine/engine.ts';
import type { ModelChoice } from '../engine/model-description.ts';
import { API, IMAGE_METHODS, PIXELS } from '../engine/http/protocol.ts';
import { fromJson } from '../engine/http/wire-json.ts';
import type { WireCall, WireMask, WireRequest } from '../engine/wire/messages.ts';
import { BadRequest } from './bad-request.ts';
import { readBody } from './read-body.ts';

/** What a request asks for. */
export type HttpCall =
  | { readonly kind: 'call'; readonly call: WireCall }
  | { readonly kind: 'release'; readonly id: string };

/** @throws BadRequest */
export async function parseCall(request: IncomingMessage, limit: number): Promise<HttpCall> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (!url.pathname.startsWith(`${API}/`)) throw unknown(request);
  const [kind, id, last, ...more] = url.pathname
    .slice(API.length + 1)
    .split('/')
    .map(decode);
  if ((kind !== 'models' && kind !== 'images') || more.length > 0) throw unknown(request);
  const route = `${request.method} ${kind}${id === undefined ? '' : '/id'}${last === undefined ? '' : '/last'}`;
  switch (route) {
    case 'GET models':
      return { kind: 'call', call: { method: 'models', args: [] } };
    case 'POST models': {
      const choice = modelChoice(await readJson(request, limit));
      return { kind: 'call', call: { method: 'load', args: [choice] } };
    }
    case 'POST images': {
      const model = url.searchParams.get('model') ?? '';
      const image = imageOf(request, url.searchParams, await readBody(request, limit));
      return { kind: 'call', call: { method: 'encode', args: [model, image] } };
    }
    case 'DELETE models/id':
    case 'DELETE images/id':
      return { kind: 'release', id: id! };
    case 'POST images/id/last': {
      const call = imageCall(id!, last!, await readJson(request, limit));
      if (call === undefined || kind !== 'images') throw unknown(request);
      return { kind: 'call', call };
    }
    default:
      throw unknown(request);
  }
}

function unknown({ method, url }: IncomingMessage): BadRequest {
  return new BadRequest(404, `${method} ${url}: no such call; see the README of @samgpu/session`);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BadRequest(400, `the address has "${part}", which is not percent-encoded`);
  }
}

async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  // Forms of other pages can send text without asking first, but no JSON.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    throw new BadRequest(415, 'wanted Content-Type: application/json');
  }
  const text = (await readBody(request, limit)).toString('utf8');
  try {
    return fromJson(text);
  } catch (error) {
    throw new BadRequest(400, `no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function modelChoice(value: unknown): ModelChoice {
  const { name, backend } = recordOf(value, 'a model');
  if (typeof name !== 'string') throw new BadRequest(400, 'a model wants { "name": … }');
  if (backend === undefined) return { name };
  if (backend !== 'auto' && backend !== 'webgpu' && backend !== 'onnx') {
    throw new BadRequest(400, 'backend: wanted "auto", "webgpu" or "onnx"');
  }
  return { name, backend };
}

function imageOf(
  { headers }: IncomingMessage,
  query: URLSearchParams,
  body: Buffer<ArrayBuffer>,
): Blob | PixelImage {
  if (headers['content-type'] !== PIXELS) return new Blob([body]);
  const [width, height, channels] = ['width', 'height', 'channels'].map((key) =>
    Number(query.get(key) ?? Number.NaN),
  ) as [number, number, number];
  const isFit =
    Number.isSafeInteger(width) &&
    Number.isSafeInteger(height) &&
    width > 0 &&
    height > 0 &&
    (channels === 3 || channels === 4) &&
    body.length === width * height * channels;
  if (!isFit) {
    throw new BadRequest(400, `${body.length} bytes: wanted width * height * channels (3 or 4)`);
  }
  return { width, height, channels, data: new Uint8Array(body) };
}

function imageCall(picture: string, last: string, value: unknown): WireCall | undefined {
  const args = Array.isArray(value) ? (value as unknown[]) : [];
  switch (last) {
    case IMAGE_METHODS.segment:
      return { method: 'segment', args: [picture, segmentRequest(args[0])] };
    case IMAGE_METHODS.everything: {
      const request = recordOf(args[0] ?? {}, 'everything') as EverythingRequest;
      return { method: 'everything', args: [picture, request] };
    }
    case IMAGE_METHODS.findText:
      if (typeof args[0] !== 'string') throw new BadRequest(400, 'wanted [words]');
      return { method: 'findText', args: [picture, args[0]] };
    case IMAGE_METHODS.matte: {
      const request = recordOf(args[1] ?? {}, 'matte') as MatteRequest;
      return { method: 'matte', args: [picture, wireMask(args[0]), request] };
    }
    default:
      return undefined;
  }
}

function segmentRequest(value: unknown): WireRequest {
  const { points = [], box, mask, isHint, lazy, answers } = recordOf(value, 'a prompt');
  if (!Array.isArray(points)) throw new BadRequest(400, 'points: wanted a list');
  for (const point of points) recordOf(point, 'a point');
  if (box !== undefined) recordOf(box, 'a box');
  return {
    ...(points.length > 0 && { points: points as NonNullable<WireRequest['points']> }),
    ...(box !== undefined && { box: box as NonNullable<WireRequest['box']> }),
    ...(mask !== undefined && { mask: maskOrLogits(mask) }),
    ...(isHint === true && { isHint }),
    ...(lazy === true && { lazy }),
    answers: answers === 'clear' ? 'clear' : 'ambiguous',
  };
}

function maskOrLogits(value: unknown): WireMask | Logits {
  return 'rle' in recordOf(value, 'a mask') ? wireMask(value) : logitsOf(value);
}

function wireMask(value: unknown): WireMask {
  const { rle, score = 1, stability = 1, logits } = recordOf(value, 'a mask');
  const { size, counts } = recordOf(rle, 'rle');
  if (!Array.isArray(size) || typeof counts !== 'string') {
    throw new BadRequest(400, 'rle: wanted { "size": [height, width], "counts": "…" } as in COCO');
  }
  return {
    rle: { size: [Number(size[0]), Number(size[1])], counts },
    score: Number(score),
    stability: Number(stability),
    ...(logits !== undefined && { logits: logitsOf(logits) }),
  };
}

function logitsOf(value: unknown): Logits {
  const { width, height, data } = recordOf(value, 'logits');
  const isFit =
    data instanceof Float32Array &&
    typeof width === 'number' &&
    typeof height === 'number' &&
    data.length === width * height;
  if (!isFit) {
    throw new BadRequest(400, 'logits: wanted { "width", "height", "data": { "f32": … } }');
  }
  return { width, height, data };
}

function recordOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new BadRequest(400, `${what}: wanted an object`);
}
