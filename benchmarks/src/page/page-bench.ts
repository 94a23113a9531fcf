/** The comparison of the page, apart from how it looks. */
import type { Backend } from '@samgpu/graph';
import { createOnnxBackend } from '@samgpu/onnx';
import {
  type AdapterDescription,
  createWebGpuBackend,
  describeAdapter,
  type WebGpuBackend,
} from '@samgpu/webgpu';

import type { BenchmarkCase } from '../gpu/benchmark-case.ts';
import { type ComparedCase, compareEngines } from '../gpu/compare-engines.ts';
import type { FailedCase } from '../gpu/gpu-result.ts';
import { kernelCases } from '../gpu/kernel-cases.ts';
import { modelCases } from '../gpu/model-cases.ts';
import { measurePeak, type Peak } from '../gpu/peak/measure-peak.ts';
import type { Scale } from '../options.ts';

export type PeerKind = 'webgpu' | 'wasm';

/** One case against one peer. */
export interface PageRow extends ComparedCase {
  readonly peerName: string;
}

export interface PageFailure extends FailedCase {
  readonly peerName: string;
}

/** What can be copied from the page. */
export interface PageResult {
  readonly what: 'page';
  readonly date: string;
  readonly userAgent: string;
  readonly adapter: AdapterDescription;
  readonly scale: Scale;
  readonly peak: Peak;
  readonly rows: readonly PageRow[];
  readonly failed: readonly PageFailure[];
}

export const PEER_NAMES: Readonly<Record<PeerKind, string>> = {
  webgpu: 'ORT, WebGPU',
  wasm: 'ORT, WASM',
};

/** Engines of a page. They stay open as long as it does. */
export class PageBench {
  readonly adapter: AdapterDescription;
  readonly peak: Peak;
  private readonly ours: WebGpuBackend;
  private readonly peers = new Map<PeerKind, Promise<Backend>>();

  private constructor(adapter: AdapterDescription, ours: WebGpuBackend, peak: Peak) {
    this.adapter = adapter;
    this.ours = ours;
    this.peak = peak;
  }

  /** @throws Error with the reason where there is no WebGPU */
  static async open(): Promise<PageBench> {
    const report = await describeAdapter();
    if (!report.available) {
      throw new Error(report.reason);
    }
    const ours = await createWebGpuBackend();
    const peak = await measurePeak(ours.device, report.adapter.software);
    return new PageBench(report.adapter, ours, peak);
  }

  /** @throws Error where an engine fails or the two disagree */
  async compare(benchmarkCase: BenchmarkCase, kind: PeerKind, runs: number): Promise<PageRow> {
    const peer = await this.peer(kind);
    const compared = await compareEngines({ ours: this.ours, peer }, benchmarkCase, { runs });
    return { ...compared, peerName: PEER_NAMES[kind] };
  }

  private peer(kind: PeerKind): Promise<Backend> {
    const opened = this.peers.get(kind) ?? openPeer(kind);
    this.peers.set(kind, opened);
    return opened;
  }
}

export async function allCases(scale: Scale): Promise<BenchmarkCase[]> {
  return [...kernelCases(scale), ...(await modelCases(scale))];
}

async function openPeer(kind: PeerKind): Promise<Backend> {
  if (kind === 'wasm') {
    return createOnnxBackend({ runtime: 'web' });
  }
  const module = await import('onnxruntime-web/webgpu');
  return createOnnxBackend({ module, executionProviders: ['webgpu'] });
}
