// @ts-check
// `pnpm run check:package` in a public package: is what would be published right?
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage } from './src/check-package.js';

const folder = mkdtempSync(join(tmpdir(), 'samgpu-pack-'));
try {
  const problems = await checkPackage(process.cwd(), folder);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
