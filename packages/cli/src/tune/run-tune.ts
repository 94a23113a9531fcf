import { tuneModel } from 'samgpu';

import type { TuneOptionValues } from '../commands/tune.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { loadVariant } from '../models/registry.ts';
import { tuningText } from './tuning-text.ts';

/** `samgpu tune` */
export async function runTune({ model, again, json }: TuneOptionValues): Promise<ExitCode> {
  const variant = await loadVariant(model);
  const { stderr, stdout } = process;
  const showsProgress = stderr.isTTY && !json;
  const tuning = await tuneModel(variant, {
    again,
    onTune(graph, { loaded, total, label }) {
      if (showsProgress) stderr.write(`\r\u{1b}[K${graph} ${loaded + 1}/${total}: ${label}`);
    },
  });
  if (showsProgress) stderr.write('\r\u{1b}[K');
  stdout.write(`${json ? JSON.stringify(tuning, undefined, 2) : tuningText(tuning)}\n`);
  return exitCodes.success;
}
