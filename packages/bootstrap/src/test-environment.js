// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { stateFolder } from './stamp.js';
import { findSystemNode, toolNode } from './system-node.js';
import { workspaceRoot } from './workspace.js';

/** Where Python packages go that the system does not have. */
export const pythonFolder = join(stateFolder(workspaceRoot), 'python');

const softwareVulkan = '/usr/lib/chromium/vk_swiftshader_icd.json';

// Device files of Linux drivers.
const gpuDevices = ['/dev/dri', '/dev/nvidia0'];

const chromiumPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

// Debian's own Python is the one that its python3-* packages belong to; another may come first on PATH.
const pythonPlaces = ['/usr/bin/python3', '/opt/homebrew/bin/python3', '/usr/local/bin/python3'];

/**
 * What tests and benchmarks may rely on, beyond the environment they are started in:
 *
 * - `SAMGPU_CHROMIUM`, `SAMGPU_PYTHON`: a browser and a Python, if there are any;
 * - `SAMGPU_NODE20`: the machine's own Node, to run what is built on the version that users have;
 * - `VK_DRIVER_FILES` (and its older name): Chromium's software Vulkan, if there is one, so that GPU
 *   tests give the same results on every machine. To test on a real GPU set it to that GPU's driver.
 *
 * What is set already is left alone.
 *
 * @param {NodeJS.ProcessEnv} [current]
 * @returns {NodeJS.ProcessEnv}
 */
export function testEnvironment(current = process.env) {
  /** @type {Record<string, string | undefined>} */
  const found = {
    SAMGPU_CHROMIUM: chromiumPlaces.find(existsSync),
    SAMGPU_PYTHON: pythonPlaces.find(existsSync),
    SAMGPU_NODE20: findSystemNode(current),
  };
  const choosesDriver =
    current['VK_DRIVER_FILES'] !== undefined || current['VK_ICD_FILENAMES'] !== undefined;
  if (!choosesDriver && existsSync(softwareVulkan)) {
    found['VK_DRIVER_FILES'] = softwareVulkan;
    found['VK_ICD_FILENAMES'] = softwareVulkan;
  }
  const environment = toolEnvironment(current);
  // Compiled for the Python found here; in another one it would hide a package that works.
  if (current['SAMGPU_PYTHON'] === undefined && existsSync(pythonFolder)) {
    const folders = [current['PYTHONPATH'], pythonFolder];
    environment['PYTHONPATH'] = folders.filter((folder) => folder !== undefined).join(delimiter);
  }
  for (const [name, value] of Object.entries(found)) {
    if (value !== undefined) environment[name] ??= value;
  }
  return environment;
}

/**
 * As {@link testEnvironment}, but a machine's real GPU comes before the software one: numbers are to
 * be those of the machine.
 *
 * @param {NodeJS.ProcessEnv} [current]
 * @returns {NodeJS.ProcessEnv}
 */
export function benchmarkEnvironment(current = process.env) {
  return gpuDevices.some(existsSync) ? toolEnvironment(current) : testEnvironment(current);
}

/**
 * The environment of the workspace's tools: they, and what they start, run on the workspace's Node.
 *
 * @param {NodeJS.ProcessEnv} [current]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(current = process.env) {
  return {
    ...current,
    PATH: [dirname(toolNode), current['PATH'] ?? ''].join(delimiter),
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  };
}
