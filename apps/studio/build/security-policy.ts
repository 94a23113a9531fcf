import type { Plugin } from 'vite';

import { contentSecurityPolicy, siteHeaders } from '../site-headers.js';

/**
 * Puts the policy into the page, for servers that send no headers, and writes the headers in the form
 * that Netlify and Cloudflare Pages read.
 */
export function securityPolicy(): Plugin {
  return {
    name: 'studio:security-policy',
    // The development server writes styles and scripts into the page.
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy() },
          injectTo: 'head-prepend',
        },
      ],
    },
    generateBundle() {
      const lines = Object.entries(siteHeaders()).map(([name, value]) => `  ${name}: ${value}`);
      this.emitFile({
        type: 'asset',
        fileName: '_headers',
        source: ['/*', ...lines, ''].join('\n'),
      });
    },
  };
}
