/** `npm run bench:page`: the comparison in a browser, on loopback only. */
import { createServer } from 'vite';

import { WORKSPACE } from '../workspace.ts';

export const PAGE_CONFIG: string = `${WORKSPACE}benchmarks/page/vite.config.ts`;

export async function servePage(): Promise<void> {
  const server = await createServer({ configFile: PAGE_CONFIG });
  await server.listen();
  server.printUrls();
}
