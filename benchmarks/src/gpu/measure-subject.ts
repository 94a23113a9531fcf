import { createOnnxBackend } from '@samgpu/onnx';
import {
  type AdapterDescription,
  createWebGpuBackend,
  describeAdapter,
  type WebGpuBackend,
} from '@samgpu/webgpu';

import { describeMachine } from '../machine.ts';
import type { GpuOptions, GpuSubject, Scale } from '../options.ts';
import { type ComparedCase, compareEngines, type Engines } from './compare-engines.ts';
import { adapterTitle, caseLine, type FailedCase, type GpuResult, peakLine } from './gpu-result.ts';
import { imageCases } from './image-cases.ts';
import { kernelCases } from './kernel-cases.ts';
import { formatProfile } from './kernel-profile.ts';
import { modelCases } from './model-cases.ts';
import { measurePeak, type Peak } from './peak/measure-peak.ts';

/** There is nothing to measure on. */
export class NoAdapterError extends Error {
  override readonly name = 'NoAdapterError';
  readonly code = 'no-adapter';
}

/** Two engines on one adapter, and what the adapter can do. The caller disposes of it. */
export interface GpuBench {
  readonly adapter: AdapterDescription;
  readonly engines: Engines;
  readonly peak: Peak;
  dispose(): void;
}

/**
 * Opens both engines and measures the adapter's peak.
 *
 * @throws NoAdapterError
 */
export async function openGpuBench(): Promise<GpuBench> {
  const report = await describeAdapter();
  if (!report.available) {
    throw new NoAdapterError(`no GPU to measure: ${report.reason}`);
  }
  const { adapter } = report;
  const ours: WebGpuBackend = await createWebGpuBackend();
  const peer = await createOnnxBackend({ runtime: 'node', executionProviders: ['webgpu'] });
  const peak = await measurePeak(ours.device, adapter.software);
  say(`${adapterTitle(adapter)}; ${peakLine(peak)}`);
  return {
    adapter,
    engines: { ours, peer },
    peak,
    dispose() {
      ours.dispose();
      peer.dispose();
    },
  };
}

/** Compares all cases of a subject; one that fails does not keep the others from being measured. */
export async function measureSubject(
  { adapter, engines, peak }: GpuBench,
  subject: GpuSubject,
  { filter = '', profile, ...options }: GpuOptions,
): Promise<GpuResult> {
  const scale = options.scale ?? (adapter.software ? 'reduced' : 'full');
  const usualRuns = adapter.software ? 5 : 20;
  const runs = options.runs ?? usualRuns;
  const cases = await casesOf(subject, scale, { runs, profile });
  const compared: ComparedCase[] = [];
  const failed: FailedCase[] = [];
  for (const { name, compare } of cases.filter((one) => one.name.includes(filter))) {
    try {
      const result = await compare(engines);
      compared.push(result);
      say(caseLine(result));
      if (result.profile !== undefined) {
        say(`\n${formatProfile(name, result.profile)}\n`);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failed.push({ name, error: message });
      say(`${name}: ${message}`);
    }
  }
  return {
    what: subject,
    date: new Date().toISOString(),
    complete: filter === '' && runs >= usualRuns,
    adapter,
    scale,
    machine: describeMachine(['onnxruntime-node', 'webgpu']),
    peer: PEERS[subject],
    peak,
    cases: compared,
    failed,
  };
}

const ORT = 'onnxruntime-node, webgpu execution provider, ONNX export of the same graph';
const PEERS: Readonly<Record<GpuSubject, string>> = {
  kernels: ORT,
  models: ORT,
  images: 'what samgpu does without a GPU',
};

interface NamedCase {
  readonly name: string;
  readonly compare: (engines: Engines) => Promise<ComparedCase>;
}

async function casesOf(
  subject: GpuSubject,
  scale: Scale,
  options: { readonly runs: number; readonly profile: boolean },
): Promise<NamedCase[]> {
  if (subject === 'images') {
    return imageCases(scale).map(({ name, compare }) => ({
      name,
      compare: ({ ours }) => compare(ours, options.runs),
    }));
  }
  const cases = subject === 'kernels' ? kernelCases(scale) : await modelCases(scale);
  return cases.map((one) => ({
    name: one.name,
    compare: (engines) => compareEngines(engines, one, options),
  }));
}

/** Progress, apart from results that are to be piped. */
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
