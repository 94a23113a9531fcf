// @ts-check
import { spawn } from 'node:child_process';

/**
 * Opens an address in the user's browser. Where there is none, the printed address has to do.
 *
 * @param {string} url
 */
export function openInBrowser(url) {
  const [command = '', ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '""', url]
        : ['xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}
