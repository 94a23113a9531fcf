// @ts-check
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, relative, sep } from 'node:path';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */

/** @type {Readonly<Record<string, string>>} */
const mediaTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.webm': 'video/webm',
  '.mp4': 'video/mp4',
};

/**
 * Answers what the files of the site do not.
 *
 * @callback Route
 * @param {string} path without the slash at its beginning
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @returns {Promise<boolean>} false where it is not its business
 */

/**
 * @typedef {object} SiteServer
 * @property {string} url
 * @property {() => Promise<void>} close also ends connections that browsers keep
 */

/**
 * Serves a folder of static files on this machine alone.
 *
 * @param {string} folder absolute
 * @param {object} options
 * @param {Readonly<Record<string, string>>} options.headers of every answer
 * @param {number} options.port 0 takes one that is free
 * @param {Route} [options.service] asked before files are looked for, and by every method
 * @param {Route} [options.route] asked for what is no file
 * @returns {Promise<SiteServer>}
 */
export async function startSiteServer(folder, { headers, port, service, route }) {
  const server = createServer((request, response) => {
    answer({ folder, headers, service, route }, request, response).catch(() => {
      // Half an answer must not look like a whole one.
      if (response.headersSent) response.destroy();
      else end(response, 500);
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${actual}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @typedef {object} Site
 * @property {string} folder
 * @property {Readonly<Record<string, string>>} headers
 * @property {Route | undefined} service
 * @property {Route | undefined} route
 */

/**
 * @param {Site} site
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
async function answer({ folder, headers, service, route }, request, response) {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (!isForThisMachine(request)) return end(response, 403);
  const path = pathOf(folder, request.url ?? '/');
  const name = path === undefined ? undefined : relative(folder, path).replaceAll(sep, '/');
  if (name !== undefined && (await service?.(name, request, response)) === true) return;
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405);
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !found?.isFile()) {
    if (name !== undefined && (await route?.(name, request, response)) === true) return;
    return end(response, 404);
  }
  response.setHeader('Content-Type', mediaTypes[extname(path)] ?? 'application/octet-stream');
  response.setHeader('Content-Length', found.size);
  // Names in `assets` carry their hash.
  const isHashed = path.startsWith(join(folder, 'assets') + sep);
  response.setHeader('Cache-Control', isHashed ? 'max-age=31536000, immutable' : 'no-cache');
  response.writeHead(200);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const stream = createReadStream(path);
  stream.once('error', () => response.destroy());
  stream.pipe(response);
}

/**
 * Names of other sites may lead to 127.0.0.1, too; a page there is not to read this one.
 *
 * @param {IncomingMessage} request
 */
function isForThisMachine(request) {
  return /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '');
}

/**
 * @param {string} folder
 * @param {string} url
 * @returns {string | undefined} undefined for what lies outside of the folder
 */
function pathOf(folder, url) {
  try {
    const { pathname } = new URL(url, 'http://127.0.0.1');
    const name = decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const path = normalize(join(folder, name));
    return path.startsWith(folder + sep) && !name.includes('\0') ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 */
function end(response, status) {
  response.writeHead(status, { 'Content-Type': 'text/plain' });
  response.end(`${status}\n`);
}
