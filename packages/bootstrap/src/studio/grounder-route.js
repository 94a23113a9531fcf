// @ts-check
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @import { Route } from './site-server.js' */

/** Beside the page: what finds things by words for it. The site has one that names none. */
const settingsFile = 'grounder.json';
/** What it names here. */
const path = 'grounder';

/** Most bytes of a question: a picture as PNG in base64. */
const mostBytes = 96 * 2 ** 20;

/**
 * Passes questions of the page on to a detector, so that the page needs no leave to ask other servers, and the
 * detector none to let pages in.
 *
 * @param {string | undefined} address of the detector; undefined for none
 * @param {object} [options]
 * @param {string | undefined} [options.token] sent as `Authorization: Bearer …`
 * @returns {Route}
 */
export function grounderRoute(address, { token } = {}) {
  const url = address === undefined ? undefined : addressOf(address);
  return async (asked, request, response) => {
    if (url === undefined) return false;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (asked === settingsFile && isRead) {
      const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
      response.writeHead(200, headers).end(JSON.stringify({ address: path, name: url.host }));
      return true;
    }
    if (asked !== path || request.method !== 'POST') return false;
    const why = refusal(request);
    if (why === undefined) await passOn(url, token, request, response);
    else refuse(response, 403, why);
    return true;
  };
}

/**
 * @param {string} address
 * @throws {RangeError}
 */
function addressOf(address) {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '') return url;
  throw new RangeError(`--grounder is ${address}; wanted an address such as http://127.0.0.1:9000`);
}

/**
 * Pages of other sites, which browsers let send but not read, are to set no detector to work.
 *
 * @param {IncomingMessage} request
 */
function refusal({ headers }) {
  const { origin, host } = headers;
  const isOwn = origin === undefined || origin === `http://${host}`;
  if (!isOwn || headers['sec-fetch-site'] === 'cross-site') return 'only the Studio itself may ask';
  if (!(headers['content-type'] ?? '').startsWith('application/json')) {
    return 'wanted Content-Type: application/json';
  }
  return undefined;
}

/**
 * @param {URL} url
 * @param {string | undefined} token
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
async function passOn(url, token, request, response) {
  const stop = new AbortController();
  response.once('close', () => stop.abort());
  const body = await bodyOf(request);
  if (body === undefined) {
    response.setHeader('Connection', 'close');
    refuse(response, 413, `a question of more than ${mostBytes} bytes`);
    return;
  }
  let answer;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      body,
      redirect: 'error',
      signal: stop.signal,
    });
  } catch {
    refuse(response, 502, `the detector at ${url.host} cannot be reached; start it`);
    return;
  }
  response.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  });
  if (answer.body === null) {
    response.end();
    return;
  }
  // The same class under two names: the library of pages declares it as well as Node's.
  const stream = /** @type {import('node:stream/web').ReadableStream} */ (answer.body);
  await pipeline(Readable.fromWeb(stream), response).catch(() => response.destroy());
}

/**
 * @param {IncomingMessage} request
 * @returns {Promise<Buffer<ArrayBuffer> | undefined>} undefined where it is too much
 */
async function bodyOf(request) {
  /** @type {Buffer[]} */
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > mostBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {string} error
 */
function refuse(response, status, error) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ error }));
}
