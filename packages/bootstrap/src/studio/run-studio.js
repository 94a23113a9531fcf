// @ts-check
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { modelFiles } from '../../../../apps/studio/model-files.js';
import { siteHeaders } from '../../../../apps/studio/site-headers.js';
import { say } from '../progress.js';
import { grounderRoute } from './grounder-route.js';
import { modelRoute } from './model-route.js';
import { openInBrowser } from './open-browser.js';
import { prepareStudio, studioSite } from './prepare-studio.js';
import { startSiteServer } from './site-server.js';

const usage = `npm run studio [-- OPTIONS]: the Studio in your browser

  --port NUMBER   where to serve it on 127.0.0.1 (4173; 0 takes any that is free)
  --no-open       does not open a browser
  --models PLACE  folder, or its address, that weights of models are taken from when the Studio is
                  asked for one (SAMGPU_MODEL_BASE, or else the servers that publish them)
  --grounder URL  a detector that finds things by words, which gets the picture and the words when
                  the Studio is asked to; see packages/text (SAMGPU_GROUNDER; its token, if it wants
                  one, from SAMGPU_GROUNDER_TOKEN; by default there is none)
  --build         builds apps/studio/dist, for a server of your own, and ends
`;

/** @param {readonly string[]} args */
function optionsOf(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '4173' },
      models: { type: 'string' },
      grounder: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
      build: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`--port is ${values.port}, which is no port; wanted 0 to 65535`);
  }
  const models = values.models ?? process.env['SAMGPU_MODEL_BASE'];
  const grounder = values.grounder ?? process.env['SAMGPU_GROUNDER'];
  const token = process.env['SAMGPU_GROUNDER_TOKEN'];
  return {
    ...values,
    models,
    port,
    service: grounderRoute(grounder, { token }),
    open: !values['no-open'],
  };
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
    server = await startSiteServer(studioSite, {
      headers: siteHeaders(),
      port: options.port,
      service: options.service,
      route: modelRoute(modelFiles, {
        base: options.models,
        onFetch: (name, from) => say(`Loading ${name} from ${from}, as the page asked for`),
      }),
    });
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
