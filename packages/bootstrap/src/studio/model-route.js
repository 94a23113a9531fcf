// @ts-check
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @import { Route } from './site-server.js' */

/** What of an answer the page's own loader reads. */
const passedOn = ['content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified'];

/**
 * Gives the page the weights of models, which it may not read from their own servers. It is asked
 * for one only when the user wants that model, and the page checks every byte against its hash.
 *
 * @param {ReadonlyMap<string, string>} files official addresses, by name; no other file is given
 * @param {object} [options]
 * @param {string | undefined} [options.base] a folder, or the address of one, to take them from
 * @param {(name: string, from: string) => void} [options.onFetch] told when another server is asked
 * @returns {Route}
 */
export function modelRoute(files, { base, onFetch } = {}) {
  return async (path, request, response) => {
    const name = path.startsWith('models/') ? path.slice('models/'.length) : undefined;
    if (name === undefined) return false;
    const official = files.get(name);
    // Another site's page may send requests here, too.
    if (official === undefined || request.headers['sec-fetch-site'] === 'cross-site') return false;
    const folder = base === undefined ? undefined : folderOf(base);
    if (folder !== undefined) return sendLocal(join(folder, name), request, response);
    const from = base === undefined ? official : `${base.replace(/\/*$/, '')}/${name}`;
    return sendRemote(from, request, response, () => onFetch?.(name, new URL(from).host));
  };
}

/** @param {string} base */
function folderOf(base) {
  if (base.startsWith('file:')) return fileURLToPath(base);
  return /^https?:/.test(base) ? undefined : base;
}

/**
 * @param {string} path
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
async function sendLocal(path, request, response) {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return false;
  response.writeHead(200, { 'Content-Length': found.size, 'Cache-Control': 'no-store' });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(path), response);
  return true;
}

/**
 * @param {string} url
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @param {() => void} onFetch
 */
async function sendRemote(url, request, response, onFetch) {
  const stop = new AbortController();
  response.once('close', () => stop.abort());
  /** @type {Record<string, string>} */
  const headers = { 'accept-encoding': 'identity' };
  for (const name of ['range', 'if-range']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  onFetch();
  let answer;
  try {
    const { method = 'GET' } = request;
    answer = await fetch(url, { method, headers, signal: stop.signal });
  } catch {
    response.writeHead(502, { 'Content-Type': 'text/plain' });
    response.end(`${new URL(url).host} could not be reached\n`);
    return true;
  }
  for (const name of passedOn) {
    const value = answer.headers.get(name);
    if (value !== null) response.setHeader(name, value);
  }
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(answer.status);
  if (answer.body === null) {
    response.end();
    return true;
  }
  // The same class under two names: the library of pages declares it as well as Node's.
  const body = /** @type {import('node:stream/web').ReadableStream} */ (answer.body);
  // A page that goes away ends the download.
  await pipeline(Readable.fromWeb(body), response).catch(() => response.destroy());
  return true;
}
