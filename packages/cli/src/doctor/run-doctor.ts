import { openModelCache } from '@samgpu/weights';

import { type ExitCode, exitCodes } from '../exit-code.ts';
import { packageVersion } from '../package-version.ts';
import { chooseBackend, listBackends } from './backends.ts';
import type { CacheDiagnosis, Diagnosis } from './diagnosis.ts';
import { describeImages } from './images.ts';
import { describeMachine } from './machine.ts';
import { diagnosisText } from './diagnosis-text.ts';
import { describeVideos } from './videos.ts';
import { describeWebgpu } from './webgpu.ts';

/** `samgpu doctor`. Ends with 1 where no picture could be segmented on this machine. */
export async function runDoctor(json: boolean): Promise<ExitCode> {
  const diagnosis = await diagnose();
  const text = json ? JSON.stringify(diagnosis, undefined, 2) : diagnosisText(diagnosis);
  process.stdout.write(`${text}\n`);
  const works = 'kind' in diagnosis.chosen && diagnosis.images.sharp !== null;
  return works ? exitCodes.success : exitCodes.failure;
}

async function diagnose(): Promise<Diagnosis> {
  return {
    samgpu: packageVersion(),
    node: process.versions.node,
    machine: describeMachine(),
    backends: listBackends(),
    chosen: await chooseBackend(),
    webgpu: await describeWebgpu(),
    images: await describeImages(),
    videos: await describeVideos(),
    cache: await describeCache(),
  };
}

async function describeCache(): Promise<CacheDiagnosis> {
  const cache = await openModelCache();
  return {
    folder: cache.location,
    bytes: await cache.size(),
    mirror: process.env['SAMGPU_MODEL_BASE'] || null,
  };
}
