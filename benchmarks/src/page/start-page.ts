import type { BenchmarkCase } from '../gpu/benchmark-case.ts';
import { adapterTitle } from '../gpu/gpu-result.ts';
import type { Scale } from '../options.ts';
import {
  allCases,
  PageBench,
  type PageFailure,
  type PageResult,
  type PageRow,
  PEER_NAMES,
  type PeerKind,
} from './page-bench.ts';
import { findElements, make, type PageElements } from './page-elements.ts';
import { comparedRow, failedRow } from './result-rows.ts';

/** Fills the page and makes it work. */
export async function startPage(): Promise<void> {
  const elements = findElements();
  elements.status.textContent = 'Opening the GPU and measuring its peak …';
  try {
    const bench = await PageBench.open();
    await new BenchPage(elements, bench).start();
    elements.status.textContent = '';
  } catch (error) {
    elements.status.textContent = `WebGPU cannot be used here: ${messageOf(error)}`;
    elements.status.classList.add('error');
  }
}

interface ListedCase {
  readonly benchmarkCase: BenchmarkCase;
  readonly label: HTMLLabelElement;
  readonly checkbox: HTMLInputElement;
}

class BenchPage {
  private readonly elements: PageElements;
  private readonly bench: PageBench;
  private listed: readonly ListedCase[] = [];
  private rows: PageRow[] = [];
  private failed: PageFailure[] = [];
  private stopping = false;

  constructor(elements: PageElements, bench: PageBench) {
    this.elements = elements;
    this.bench = bench;
  }

  async start(): Promise<void> {
    const { setup, scale, filter, all, none, stop, copy, runs, run } = this.elements;
    const { software } = this.bench.adapter;
    scale.value = software ? 'reduced' : 'full';
    runs.value = software ? '5' : '20';
    this.showAdapter();
    await this.listCases();
    scale.addEventListener('change', () => void this.listCases());
    filter.addEventListener('input', () => this.applyFilter());
    all.addEventListener('click', () => this.check(true));
    none.addEventListener('click', () => this.check(false));
    stop.addEventListener('click', () => {
      this.stopping = true;
    });
    copy.addEventListener('click', () => void this.copy());
    setup.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.run();
    });
    run.disabled = false;
  }

  private showAdapter(): void {
    const { adapter, peak } = this.bench;
    const { subgroupSizes, features } = adapter;
    const entries: [string, string][] = [
      ['Adapter', `${adapterTitle(adapter)}${adapter.software ? ', software' : ''}`],
      [
        'Measured peak',
        `${peak.gigaflops.toFixed(0)} GFLOP/s in f32, ${peak.gigabytesPerSecond.toFixed(0)} GB/s`,
      ],
      [
        'Subgroups',
        subgroupSizes === undefined ? 'none' : [...new Set(subgroupSizes)].join(' to '),
      ],
      ['Half precision', features.includes('shader-f16') ? 'shader-f16' : 'none'],
    ];
    this.elements.adapter.replaceChildren(
      ...entries.map(([name, value]) => make('div', [make('dt', name), make('dd', value)])),
    );
  }

  private async listCases(): Promise<void> {
    const cases = await allCases(this.scale);
    this.listed = cases.map((benchmarkCase) => {
      const checkbox = make('input');
      checkbox.type = 'checkbox';
      checkbox.checked = true;
      const label = make('label', [checkbox, new Text(benchmarkCase.name)]);
      return { benchmarkCase, label, checkbox };
    });
    this.elements.cases.replaceChildren(...this.listed.map(({ label }) => label));
    this.applyFilter();
  }

  private applyFilter(): void {
    const text = this.elements.filter.value.trim().toLowerCase();
    for (const { benchmarkCase, label } of this.listed) {
      label.hidden = !benchmarkCase.name.toLowerCase().includes(text);
    }
  }

  private check(checked: boolean): void {
    for (const { checkbox, label } of this.listed) {
      checkbox.checked = checked && !label.hidden;
    }
  }

  private async run(): Promise<void> {
    const { run, stop, copy, progress, status, results, note, runs } = this.elements;
    const chosen = this.listed.filter(({ checkbox, label }) => checkbox.checked && !label.hidden);
    const tasks = chosen.flatMap(({ benchmarkCase }) =>
      this.peers.map((peer) => ({ benchmarkCase, peer })),
    );
    [this.rows, this.failed, this.stopping] = [[], [], false];
    [run.disabled, stop.disabled, copy.disabled] = [true, false, true];
    results.tBodies[0]!.replaceChildren();
    [results.hidden, note.hidden, progress.hidden] = [false, false, false];
    let done = 0;
    for (const { benchmarkCase, peer } of tasks) {
      if (this.stopping) {
        break;
      }
      status.textContent = `${done + 1} of ${tasks.length}: ${benchmarkCase.name}`;
      progress.value = done / tasks.length;
      await nextFrame();
      await this.compare(benchmarkCase, peer, Math.max(1, runs.valueAsNumber || 1));
      done++;
    }
    status.textContent = `${this.stopping ? 'Stopped after' : 'Done:'} ${done} of ${tasks.length}`;
    [run.disabled, stop.disabled, progress.hidden] = [false, true, true];
    copy.disabled = this.rows.length === 0;
  }

  private async compare(benchmarkCase: BenchmarkCase, peer: PeerKind, runs: number): Promise<void> {
    const body = this.elements.results.tBodies[0]!;
    try {
      const row = await this.bench.compare(benchmarkCase, peer, runs);
      this.rows.push(row);
      body.append(comparedRow(row, this.bench.peak));
    } catch (error) {
      const failure: PageFailure = {
        name: benchmarkCase.name,
        peerName: PEER_NAMES[peer],
        error: messageOf(error),
      };
      this.failed.push(failure);
      body.append(failedRow(failure));
    }
  }

  private async copy(): Promise<void> {
    const { adapter, peak } = this.bench;
    const result: PageResult = {
      what: 'page',
      date: new Date().toISOString(),
      userAgent: navigator.userAgent,
      adapter,
      scale: this.scale,
      peak,
      rows: this.rows,
      failed: this.failed,
    };
    const { status } = this.elements;
    try {
      await navigator.clipboard.writeText(JSON.stringify(result, undefined, 2));
      status.textContent = 'Copied';
    } catch (error) {
      status.textContent = `Not copied: ${messageOf(error)}`;
    }
  }

  private get scale(): Scale {
    return this.elements.scale.value === 'full' ? 'full' : 'reduced';
  }

  private get peers(): readonly PeerKind[] {
    const { value } = this.elements.peer;
    return value === 'both' ? ['webgpu', 'wasm'] : [value === 'wasm' ? 'wasm' : 'webgpu'];
  }
}

/** Lets the page show what was written to it. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
