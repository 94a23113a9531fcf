// @ts-check
import { existsSync } from 'node:fs';
import { runCaptured } from './child.js';
import { attempt } from './failure.js';
import { say } from './progress.js';

/** @import { Outcome } from './child.js' */

/**
 * What tests use beyond npm: a browser with WebGPU and a software Vulkan, the library that finds
 * Vulkan drivers for programs outside of the browser, what decodes videos, and independent readers of
 * what we write.
 */
const wanted = ['chromium', 'ffmpeg', 'libvulkan1', 'python3-numpy', 'python3-onnx', 'python3-pip'];

const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/**
 * Installs the system packages that tests use, where that is possible without asking anyone: on
 * Debian and Ubuntu as root. Elsewhere it says what is missing. Never fails: the tests that need one
 * of them skip and say so.
 */
export async function ensureSystemPackages() {
  if (!existsSync('/usr/bin/dpkg-query') || !existsSync('/usr/bin/apt-get')) {
    say(`Some tests need Chromium, FFmpeg and Python with numpy, onnx and pycocotools. Where they are not
found, set SAMGPU_CHROMIUM and SAMGPU_PYTHON, or those tests skip.`);
    return;
  }
  const missing = await missingPackages();
  if (missing.length === 0) return;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    say(`Some tests will skip for want of system packages. To run them: sudo ${command}`);
    return;
  }
  await attempt(`Installing ${missing.join(', ')}`, 'The tests that need them skip.', () =>
    installAll(missing),
  );
}

/** @returns {Promise<string[]>} */
async function missingPackages() {
  const format = '${Package} ${db:Status-Status}\\n';
  const { output } = await runCaptured('dpkg-query', ['-W', '-f', format, ...wanted]);
  const installed = new Set(
    output.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0]] : [])),
  );
  return wanted.filter((name) => !installed.has(name));
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<Outcome>} the first failure, if there is one
 */
async function installAll(names) {
  // Its failure may concern a source that none of them comes from; the installation will tell.
  await runCaptured('apt-get', ['update', '-qq'], { env: environment });
  const together = await aptInstall(names);
  if (together.code === 0 || names.length === 1) return together;
  // One that this release does not have must not keep the others away.
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const name of names) outcomes.push(await aptInstall([name]));
  return outcomes.find((outcome) => outcome.code !== 0) ?? together;
}

/** @param {readonly string[]} names */
function aptInstall(names) {
  const options = ['-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  return runCaptured('apt-get', ['install', ...options, ...names], { env: environment });
}
