// @ts-check
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { siteHeaders } from '../../../../apps/studio/site-headers.js';
import { say } from '../progress.js';
import { openInBrowser } from './open-browser.js';
import { prepareStudio, studioSite } from './prepare-studio.js';
import { startSiteServer } from './site-server.js';

const usage = `npm run studio [-- OPTIONS]: the Studio in your browser

  --port NUMBER   where to serve it on 127.0.0.1 (4173; 0 takes any that is free)
  --no-open       does not open a browser
  --build         builds apps/studio/dist, for a server of your own, and ends
`;

/** @param {readonly string[]} args */
function optionsOf(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '4173' },
      'no-open': { type: 'boolean', default: false },
      build: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`--port is ${values.port}, which is no port; wanted 0 to 65535`);
  }
  return { ...values, port, open: !values['no-open'] };
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function runStudio(args) {
  let options;
  try {
    options = optionsOf(args);
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  await prepareStudio();
  if (options.build) {
    say(`Built: ${studioSite}`);
    return 0;
  }
  let server;
  try {
    server = await startSiteServer(studioSite, { headers: siteHeaders(), port: options.port });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE') throw error;
    say(
      `Port ${options.port} is taken. Name another: npm run studio -- --port ${options.port + 1}`,
    );
    return 1;
  }
  say(`\nThe Studio is at ${server.url}  (Ctrl-C ends it)`);
  if (options.open) openInBrowser(server.url);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.close();
  return 0;
}
