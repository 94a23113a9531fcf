import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { errorDetails } from '../error-details.ts';
import { webgpuNote } from './backends.ts';
import type { AdapterDiagnosis, WebgpuDiagnosis } from './diagnosis.ts';
import { findPackage } from './find-package.ts';

/** What of the npm package `webgpu` (Dawn for Node) is used here. */
interface DawnModule {
  create(flags: readonly string[]): GPU;
}

/** Looks at the GPU through the npm package `webgpu`, where it is installed here or in the current folder. */
export async function describeWebgpu(): Promise<WebgpuDiagnosis> {
  const ours = createRequire(import.meta.url).resolve('../../package.json');
  const places = [ours, join(process.cwd(), 'package.json')];
  const from = places.find((place) => findPackage('webgpu', place) !== undefined);
  if (from === undefined) {
    return {
      package: null,
      adapter: null,
      note: `${webgpuNote}; npm package webgpu: not installed`,
    };
  }
  const { version } = findPackage('webgpu', from)!;
  try {
    const entry = createRequire(from).resolve('webgpu');
    const dawn = (await import(pathToFileURL(entry).href)) as DawnModule;
    const adapter = await dawn.create([]).requestAdapter({ powerPreference: 'high-performance' });
    return {
      package: version,
      adapter: adapter === null ? null : describeAdapter(adapter),
      note: adapter === null ? `${webgpuNote}; it finds no adapter` : webgpuNote,
    };
  } catch (error) {
    const reason = errorDetails(error).message;
    return { package: version, adapter: null, note: `${webgpuNote}; it does not load: ${reason}` };
  }
}

function describeAdapter({ info, features, limits }: GPUAdapter): AdapterDiagnosis {
  const { vendor, architecture, device, description } = info;
  const limitEntries = limitNames.map((name) => [name, limits[name]]);
  return {
    vendor,
    architecture,
    device,
    description,
    isFallback: info.isFallbackAdapter,
    features: [...features].sort(),
    limits: Object.fromEntries(limitEntries) as Record<string, number>,
  };
}

// Those that decide which kernels and which picture sizes run.
const limitNames = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;
