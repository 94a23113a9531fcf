/** `npm run bench -- profile`: where the time of our own programs goes, kernel by kernel. */
import { createWebGpuBackend, describeAdapter } from '@samgpu/webgpu';

import { describeMachine } from '../machine.ts';
import { type GpuOptions, UsageError } from '../options.ts';
import { storeResult } from '../results.ts';
import { folderOf } from './gpu-result.ts';
import { formatProfile, timesByKind } from './kernel-profile.ts';
import { NoAdapterError } from './measure-subject.ts';
import { modelCases } from './model-cases.ts';

/** Profiles encoders and decoders at full size unless told otherwise, each once per run asked for. */
export async function benchProfile({
  json,
  filter = '',
  scale = 'full',
  runs = 1,
}: GpuOptions): Promise<void> {
  const report = await describeAdapter();
  if (!report.available) {
    throw new NoAdapterError(`no GPU to measure: ${report.reason}`);
  }
  const cases = (await modelCases(scale)).filter(({ name }) => name.includes(filter));
  if (cases.length === 0) {
    throw new UsageError(`no model has "${filter}" in its name`);
  }
  const backend = await createWebGpuBackend();
  for (const { name, timed, weights, inputs } of cases) {
    const program = await backend.compile(timed, weights);
    const entries = await program.profile({ inputs, repeats: runs });
    const result = {
      what: 'profile',
      name,
      date: new Date().toISOString(),
      adapter: report.adapter,
      machine: describeMachine(['webgpu']),
      memory: program.memory,
      milliseconds: entries.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
      kinds: timesByKind(entries),
      entries,
    };
    program.dispose();
    const slug = name.toLowerCase().replaceAll(/\W+/g, '-');
    const path = storeResult(folderOf(report.adapter), `profile-${slug}`, result);
    console.log(
      json ? JSON.stringify(result) : `${formatProfile(name, entries)}\n\nWritten to ${path}`,
    );
  }
  backend.dispose();
}
