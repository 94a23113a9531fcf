// @ts-check
// What every answer of a server that hosts the Studio should carry. Plain JavaScript, because both the
// build and the server of `npm run studio` read it, the latter before anything is compiled.
import { createHash } from 'node:crypto';

/**
 * The only style sheet that is written by a script: react-aria-components keeps pages behind a dialog
 * from scrolling on iOS with it.
 */
const iosScrollStyle = `@layer {
  * {
    overscroll-behavior: contain;
  }
}`;

/** @param {string} text */
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Scripts, styles and workers come from this site alone, and nothing can be sent anywhere else: a
 * picture cannot leave the page even if a script wanted it to.
 *
 * @param {readonly string[]} [connect] other origins that models may be loaded from
 */
export function contentSecurityPolicy(connect = []) {
  return Object.entries({
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'worker-src': "'self'",
    'style-src': `'self' ${hashOf(iosScrollStyle)}`,
    'img-src': "'self' blob: data:",
    'media-src': "'self' blob:",
    'connect-src': ["'self'", 'blob:', ...connect].join(' '),
    'manifest-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
  })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/**
 * @param {readonly string[]} [connect] other origins that models may be loaded from
 * @returns {Record<string, string>}
 */
export function siteHeaders(connect = []) {
  return {
    // A page cannot forbid frames by itself, so this one is not in its `meta`.
    'Content-Security-Policy': `${contentSecurityPolicy(connect)}; frame-ancestors 'self'`,
    // Both together make threads of WebAssembly possible.
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    // Modules of a page in a sandboxed frame, which is of no origin. There is nothing private here.
    'Access-Control-Allow-Origin': '*',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), clipboard-write=(self)',
  };
}
