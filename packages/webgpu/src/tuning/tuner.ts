import type { Graph } from '@samgpu/graph';
import type { TextStore } from '@samgpu/weights';

import type { DeviceState } from '../runtime/device-state.ts';
import {
  adapterKey,
  rulesFor,
  TUNED_FORMAT,
  type TunedVariants,
} from '../variants/tuned-variants.ts';
import type { VariantRule } from '../variants/variant-rule.ts';
import { tuneGraph, type TuneOptions, type TuningMeasurement } from './tune-graph.ts';
import { type Finding, TuningCache } from './tuning-cache.ts';

export interface VariantOptions {
  /**
   * Kernel variants to take instead of those that the kernels' own tables say: rules, of which the
   * first that fits counts, or what {@link WebGpuBackend.tune} gave, on whatever machine.
   */
  readonly variants?: readonly VariantRule[] | TunedVariants | undefined;
  /**
   * What to do with measurements of variants on this very adapter:
   *
   * - `cached` takes what was found by earlier runs
   * - `missing` measures as well what is not known yet, before a graph is compiled
   * - `off` does neither, and keeps nothing
   *
   * @defaultValue 'cached'
   */
  readonly tuning?: 'cached' | 'missing' | 'off' | undefined;
  /**
   * Where findings are kept between runs.
   *
   * @defaultValue beside the cached models in Node, `localStorage` or the Cache API in browsers
   */
  readonly tuningStore?: TextStore | undefined;
}

/** What tuning found. */
export interface TuningReport {
  /** The adapter, as the table names it. */
  readonly adapter: string;
  /** To be passed as `variants` to backends, here or on machines with the same adapter. */
  readonly variants: TunedVariants;
  /** Of each distinct shape that has variants to choose from. */
  readonly measurements: readonly TuningMeasurement[];
}

/** Which variants a backend takes: given rules before findings. */
export class Tuner {
  private readonly options: VariantOptions;
  private readonly cache: TuningCache;
  private readonly findings = new Map<string, Finding>();
  private adapter: string | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: VariantOptions) {
    this.options = options;
    this.cache = new TuningCache(options.tuningStore);
  }

  /**
   * Gives a device its rules.
   *
   * @throws WebGpuError `variants` for rules that name what there is not
   */
  async equip(state: DeviceState): Promise<void> {
    const { adapterInfo } = state.device;
    const given = rulesFor(this.options.variants ?? [], adapterInfo);
    if (this.adapter !== adapterKey(adapterInfo)) {
      this.adapter = adapterKey(adapterInfo);
      this.findings.clear();
      if (this.options.tuning !== 'off') {
        for (const [key, finding] of await this.cache.read(adapterInfo)) {
          this.findings.set(key, finding);
        }
      }
    }
    state.variants = [...given, ...this.found()];
  }

  /** Before a graph is compiled: measures what is missing, if that is asked for. */
  async prepare(graph: Graph, state: DeviceState, signal: AbortSignal | undefined): Promise<void> {
    if (this.options.tuning === 'missing') {
      await this.tune(graph, state, { signal });
    }
  }

  /** One graph at a time: measurements would disturb each other. */
  tune(graph: Graph, state: DeviceState, options: TuneOptions): Promise<TuningReport> {
    const tuned = this.turn.then(() => this.measure(graph, state, options));
    this.turn = tuned.catch(() => undefined);
    return tuned;
  }

  private async measure(
    graph: Graph,
    state: DeviceState,
    options: TuneOptions,
  ): Promise<TuningReport> {
    const { adapterInfo } = state.device;
    const { measurements, findings } = await tuneGraph(graph, state, this.findings, options);
    findings.forEach((finding, key) => this.findings.set(key, finding));
    if (findings.size > 0 && this.options.tuning !== 'off') {
      await this.cache.add(adapterInfo, findings);
    }
    await this.equip(state);
    const adapter = adapterKey(adapterInfo);
    const variants = { format: TUNED_FORMAT, adapters: { [adapter]: this.found() } } as const;
    return { adapter, variants, measurements };
  }

  private found(): readonly VariantRule[] {
    return [...this.findings.values()].map(({ rule }) => rule);
  }
}
