/**
 * `npm run bench:bundle`: a folder and an archive that compare the engines on a Linux machine with a
 * GPU that has neither network nor Node: our code, Node, Dawn and ONNX Runtime.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { WORKSPACE } from '../workspace.ts';
import { buildApplication } from './build-application.ts';

const NAME = 'samgpu-bench-linux-x64';
const DIST = `${WORKSPACE}benchmarks/dist`;

/** This machine cannot make the archive. */
export class PackError extends Error {
  override readonly name = 'PackError';
  readonly code = 'pack';
}

/**
 * Writes `benchmarks/dist/samgpu-bench-linux-x64` and the archive of it.
 *
 * @throws PackError on a machine whose programs are not those of the target
 */
export async function pack(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new PackError(
      `the archive holds this machine's Node, which is for ${process.platform} ${process.arch}; make it on Linux x64`,
    );
  }
  const folder = join(DIST, NAME);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await buildApplication(join(folder, 'app'));
  copyProgram(realpathSync(process.execPath), join(folder, 'bin/node'));
  copyDawn(folder);
  copyOnnxRuntime(folder);
  copyVulkanLoader(folder);
  cpSync(new URL('run.sh', import.meta.url), join(folder, 'run.sh'));
  cpSync(join(WORKSPACE, 'LICENSE'), join(folder, 'LICENSE'));
  chmodSync(join(folder, 'run.sh'), 0o755);
  archive();
}

function archive(): void {
  const path = join(DIST, `${NAME}.tar.xz`);
  process.stderr.write('Compressing, which takes a minute or two\n');
  // As gzip it would be 40 % larger, and there are machines that take 64 MB at most.
  execFileSync('tar', ['-cJf', path, '-C', DIST, NAME], {
    env: { ...process.env, XZ_OPT: '-6 -T0' },
    stdio: 'inherit',
  });
  const megabytes = (statSync(path).size / 1e6).toFixed(1);
  console.log(`${path}: ${megabytes} MB\nThere: tar -xf ${NAME}.tar.xz && ${NAME}/run.sh --json`);
}

/** Without symbols, where `strip` is installed: a sixth of Node is that. */
function copyProgram(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
  try {
    execFileSync('strip', ['--strip-unneeded', to], { stdio: 'ignore' });
  } catch {
    // It works with symbols as well.
    cpSync(from, to);
  }
}

function copyDawn(folder: string): void {
  const from = packageFolder('webgpu', `${WORKSPACE}package.json`);
  const to = join(folder, 'node_modules/webgpu');
  for (const file of ['package.json', 'index.js', 'LICENSE.md']) {
    cpSync(join(from, file), join(to, file));
  }
  copyProgram(join(from, 'dist/linux-x64/dawn.node'), join(to, 'dist/linux-x64/dawn.node'));
}

/** With its WebGPU provider, which is part of its one library; providers for CUDA come apart. */
function copyOnnxRuntime(folder: string): void {
  const runtime = packageFolder('onnxruntime-node', `${WORKSPACE}packages/onnx/package.json`);
  const common = packageFolder('onnxruntime-common', join(runtime, 'package.json'));
  const modules = join(folder, 'node_modules');
  for (const [from, name] of [
    [runtime, 'onnxruntime-node'],
    [common, 'onnxruntime-common'],
  ] as const) {
    cpSync(join(from, 'package.json'), join(modules, name, 'package.json'));
    cpSync(join(from, 'dist'), join(modules, name, 'dist'), {
      recursive: true,
      filter: (path) => !/\.map$|\.d\.ts$|[/\\]esm$/.test(path),
    });
  }
  const binaries = 'bin/napi-v6/linux/x64';
  for (const file of ['libonnxruntime.so.1', 'onnxruntime_binding.node']) {
    cpSync(join(runtime, binaries, file), join(modules, 'onnxruntime-node', binaries, file));
  }
}

const LOADERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib'];

/** What finds Vulkan drivers, for machines that have a driver and not it. */
function copyVulkanLoader(folder: string): void {
  const found = LOADERS.map((place) => `${place}/libvulkan.so.1`).find(existsSync);
  if (found === undefined) {
    process.stderr.write(
      'Without libvulkan.so.1, which this machine lacks (Debian: libvulkan1): the target must have it\n',
    );
    return;
  }
  cpSync(realpathSync(found), join(folder, 'lib/libvulkan.so.1'));
}

/** @param from - a file of the package that depends on it */
function packageFolder(name: string, from: string): string {
  // By folders: not every package lets its package.json be resolved.
  for (const place of createRequire(from).resolve.paths(name) ?? []) {
    if (existsSync(join(place, name, 'package.json'))) {
      return realpathSync(join(place, name));
    }
  }
  throw new PackError(`${name} is not installed`);
}
