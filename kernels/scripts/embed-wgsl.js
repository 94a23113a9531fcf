// @ts-check
// `node kernels/scripts/embed-wgsl.js`: writes `name.wgsl.ts` beside each `name.wgsl`.
//
// Every bundler and runtime loads a module, while each has its own way to import a text file.
// Shaders stay files of their own, so that editors know their language.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sourceFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src');

/**
 * Brings the modules below a folder up to date. Files that are right already are not touched, so
 * that builds that go by time are not redone; modules of shaders that are gone are removed.
 *
 * @param {string} [folder] by default the sources of this package
 * @returns {string[]} the modules that were written
 */
export function embedShaders(folder = sourceFolder) {
  /** @type {string[]} */
  const written = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (path.endsWith('.wgsl') && embed(path)) written.push(`${path}.ts`);
    if (path.endsWith('.wgsl.ts') && !existsSync(path.slice(0, -'.ts'.length))) rmSync(path);
  }
  return written;
}

/**
 * @param {string} shader
 * @returns {boolean} whether its module had to be written
 */
function embed(shader) {
  const module = `${shader}.ts`;
  const text = `// Generated from the shader of this name by scripts/embed-wgsl.js.
export const source: string = ${asTemplate(readFileSync(shader, 'utf8'))};
`;
  if (existsSync(module) && readFileSync(module, 'utf8') === text) return false;
  // Atomic: another command may be reading it.
  writeFileSync(`${module}.${process.pid}`, text);
  renameSync(`${module}.${process.pid}`, module);
  return true;
}

/** @param {string} text */
function asTemplate(text) {
  const escaped = text.replaceAll('\r\n', '\n').replaceAll(/[\\`]|\$\{/g, (match) => `\\${match}`);
  return `\`${escaped}\``;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) embedShaders();
