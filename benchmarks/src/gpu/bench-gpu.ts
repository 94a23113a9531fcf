/** `npm run bench -- kernels|models`: our programs and ONNX Runtime's on one adapter, in turns. */
import { createOnnxBackend } from '@samgpu/onnx';
import { createWebGpuBackend, describeAdapter } from '@samgpu/webgpu';

import { describeMachine } from '../machine.ts';
import { storeResult } from '../results.ts';
import { type ComparedCase, compareEngines } from './compare-engines.ts';
import { kernelCases, type Scale } from './kernel-cases.ts';
import { modelCases } from './model-cases.ts';

export interface GpuBenchOptions {
  readonly json: boolean;
  /** Only cases whose name contains this. */
  readonly filter?: string | undefined;
  /** @defaultValue full on a GPU, reduced on a software adapter */
  readonly scale?: Scale | undefined;
  /** @defaultValue 20 on a GPU, 5 on a software adapter */
  readonly runs?: number | undefined;
}

/** A case that was not timed, because an engine failed or the two disagreed. */
interface FailedCase {
  readonly name: string;
  readonly error: string;
}

export async function benchGpu(
  subject: 'kernels' | 'models',
  { json, filter = '', scale, runs }: GpuBenchOptions,
): Promise<void> {
  const report = await describeAdapter();
  if (!report.available) {
    throw new Error(`no GPU to measure: ${report.reason}`);
  }
  const { adapter } = report;
  const size = scale ?? (adapter.software ? 'reduced' : 'full');
  const cases = subject === 'kernels' ? kernelCases(size) : await modelCases(size);
  const ours = await createWebGpuBackend();
  const peer = await createOnnxBackend({ runtime: 'node', executionProviders: ['webgpu'] });
  const progress = (text: string): void => void process.stderr.write(`${text}\n`);
  progress(`${adapter.description || adapter.device || adapter.vendor}, ${size} sizes`);

  const compared: ComparedCase[] = [];
  const failed: FailedCase[] = [];
  for (const benchmarkCase of cases.filter(({ name }) => name.includes(filter))) {
    try {
      const result = await compareEngines(
        { ours, peer },
        benchmarkCase,
        runs ?? (adapter.software ? 5 : 20),
      );
      compared.push(result);
      progress(line(result));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failed.push({ name: benchmarkCase.name, error: message });
      progress(`${benchmarkCase.name}: ${message}`);
    }
  }
  ours.dispose();
  peer.dispose();
  const peak = Math.max(...compared.map(({ gigaflops }) => gigaflops));
  const result = {
    what: subject,
    date: new Date().toISOString(),
    adapter,
    scale: size,
    machine: describeMachine(['onnxruntime-node', 'webgpu']),
    peer: 'onnxruntime-node, webgpu execution provider, ONNX export of the same graph',
    peakGigaflops: peak,
    cases: compared,
    failed,
  };
  const path = storeResult(
    folderOf(adapter.vendor, adapter.device, adapter.software),
    subject,
    result,
  );
  console.log(json ? JSON.stringify(result) : `${table(compared, peak)}\n\nWritten to ${path}`);
  if (failed.length > 0) {
    process.exitCode = 1;
  }
}

function folderOf(vendor: string, device: string, software: boolean): string {
  return software
    ? 'swiftshader'
    : `${vendor}-${device}`.replaceAll(/[^\w.-]+/g, '-').toLowerCase();
}

function line({ name, ours, peer, ratio, gigaflops }: ComparedCase): string {
  return `${name}: ${ours.median.toFixed(1)} ms, peer ${peer.median.toFixed(1)} ms, ${ratio.toFixed(1)}x, ${gigaflops.toFixed(2)} GFLOP/s`;
}

/** As Markdown: what the terminal shows is what the README of the benchmarks holds. */
export function table(cases: readonly ComparedCase[], peak: number): string {
  const rows = cases.map(
    ({ name, ours, peer, ratio, gigaflops, maxAbsError, bytes }) =>
      `| ${name} | ${spread(ours)} | ${spread(peer)} | ${ratio.toFixed(1)} | ${gigaflops.toFixed(2)} | ${((100 * gigaflops) / peak).toFixed(0)} % | ${maxAbsError.toExponential(0)} | ${(bytes / 1e6).toFixed(1)} |`,
  );
  return [
    '| case | ours, ms | ORT, ms | ratio | GFLOP/s | of the best | largest difference | our memory, MB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function spread({ median, p10, p90 }: ComparedCase['ours']): string {
  return `${median.toFixed(1)} (${p10.toFixed(1)} to ${p90.toFixed(1)})`;
}
