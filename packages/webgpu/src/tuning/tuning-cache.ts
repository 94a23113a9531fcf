import { openTextStore, type TextStore } from '@samgpu/weights';

import type { AdapterIdentity } from '../device/software-adapter.ts';
import { taskKey } from '../variants/kernel-task.ts';
import { adapterKey } from '../variants/tuned-variants.ts';
import { checkVariantRules, type VariantRule } from '../variants/variant-rule.ts';
import type { KernelTask } from '../variants/kernel-task.ts';

/** What was found for one shape. */
export interface Finding {
  readonly rule: VariantRule;
  /** Of the kernels that were measured: with others it has to be found anew. */
  readonly fingerprint: string;
}

/** Findings for one adapter, by task. */
export type Findings = ReadonlyMap<string, Finding>;

const FORMAT = 'samgpu tuning 1';

/** Findings of earlier runs. What is damaged, or of another adapter, counts as none. */
export class TuningCache {
  private readonly store: TextStore;

  constructor(store: TextStore = openTextStore('variants')) {
    this.store = store;
  }

  async read(adapter: AdapterIdentity): Promise<Findings> {
    try {
      const text = await this.store.get(nameOf(adapter));
      return text === undefined ? new Map() : parse(text, adapterKey(adapter));
    } catch {
      return new Map();
    }
  }

  /** Adds to what is kept. That another page or process adds at the same time costs no more than tuning again. */
  async add(adapter: AdapterIdentity, findings: Findings): Promise<void> {
    const all = new Map([...(await this.read(adapter)), ...findings]);
    const content = {
      format: FORMAT,
      adapter: adapterKey(adapter),
      findings: Object.fromEntries(all),
    };
    // Not to be kept is no reason to fail.
    await this.store.set(nameOf(adapter), JSON.stringify(content)).catch(() => undefined);
  }
}

/** A finding as a rule for exactly this task. */
export function ruleOf(task: KernelTask, variant: string): VariantRule {
  const { kernel, sizes, weights } = task;
  const rule = { kernel, sizes, ...(weights === undefined ? {} : { weights }), variant };
  // `variant` is one of the task's.
  return rule as VariantRule;
}

function parse(text: string, adapter: string): Findings {
  const content = JSON.parse(text) as Partial<Record<'format' | 'adapter' | 'findings', unknown>>;
  if (content.format !== FORMAT || content.adapter !== adapter) {
    return new Map();
  }
  const findings = new Map<string, Finding>();
  for (const value of Object.values(content.findings as Record<string, Partial<Finding>>)) {
    const { rule, fingerprint } = value;
    const [checked] = checkVariantRules([rule]);
    if (typeof fingerprint === 'string') {
      const { kernel, sizes, weights } = checked!;
      // The key is made anew: what is stored under a wrong one is not to be trusted.
      const key = taskKey({ kernel, sizes, weights } as unknown as KernelTask);
      findings.set(key, { rule: checked!, fingerprint });
    }
  }
  return findings;
}

/** A name for files and for storage of browsers. */
function nameOf(adapter: AdapterIdentity): string {
  const key = adapterKey(adapter);
  let hash = 0;
  for (let at = 0; at < key.length; at++) {
    hash = (Math.imul(hash, 31) + key.charCodeAt(at)) >>> 0;
  }
  const words = key.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return [...words.slice(0, 6), hash.toString(16)].join('-');
}
