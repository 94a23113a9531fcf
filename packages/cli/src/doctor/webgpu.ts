import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { isSoftwareAdapter } from 'samgpu';

import { errorDetails } from '../error-details.ts';
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
      note: 'the npm package webgpu is not installed: npm install webgpu',
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
      note: noteOn(adapter),
    };
  } catch (error) {
    const reason = errorDetails(error).message;
    return { package: version, adapter: null, note: `it does not load: ${reason}` };
  }
}

function noteOn(adapter: GPUAdapter | null): string {
  if (adapter === null) return 'it finds no adapter';
  return isSoftwareAdapter(adapter.info)
    ? 'a software adapter, which is taken only for --backend webgpu'
    : 'taken where --backend is not given';
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
