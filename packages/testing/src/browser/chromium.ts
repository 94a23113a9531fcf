import { existsSync } from 'node:fs';

import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env['SAMGPU_CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is no browser to test in. */
export const isBrowserMissing: boolean = !existsSync(executablePath);

/** Behind the name of what is skipped then. */
export const browserHint: string = isBrowserMissing
  ? ' (skipped: no Chromium, set SAMGPU_CHROMIUM)'
  : '';

/** Flags that give pages WebGPU on software. */
export const SOFTWARE_WEBGPU: readonly string[] = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

/** @param flags - besides the one that containers need */
export function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...flags] });
}
