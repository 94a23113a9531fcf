import type { Kernel } from '@samgpu/kernels';

import type { DeviceState } from '../runtime/device-state.ts';
import { makeOrRefuse } from '../variants/choose-kernel.ts';
import type { KernelTask } from '../variants/kernel-task.ts';

/** The variants of a task that are worth measuring, the usual one among them. */
export interface Candidates {
  readonly kernels: ReadonlyMap<string, Kernel>;
  /** Of their shaders and sizes: changes with the kernels themselves. */
  readonly fingerprint: string;
}

// A row of few-rows.wgsl has a workgroup's whole attention; with many rows it reads the weight anew
// for every eight of them.
const MOST_FEW_ROWS = 512;

// On a CPU the variants for GPUs take ten times as long, most of it for barriers: where there is more to
// do than this, trying them takes seconds and the outcome is known.
const MOST_SOFTWARE_OPERATIONS = 2 ** 25;
const MOST_SOFTWARE_WORKGROUPS = 256;

export function candidatesOf(task: KernelTask, { kernels: device }: DeviceState): Candidates {
  const kernels = new Map<string, Kernel>();
  for (const variant of task.variants) {
    if (!isWorthTrying(variant, task, device.software)) continue;
    const kernel = makeOrRefuse(task, variant);
    if (kernel instanceof Error) continue;
    const isTooMuch = device.software && variant !== task.usual && isLarge(kernel);
    if (!isTooMuch) kernels.set(variant, kernel);
  }
  return { kernels, fingerprint: fingerprintOf([...kernels.values()]) };
}

function isWorthTrying(variant: string, task: KernelTask, software: boolean): boolean {
  if (variant === task.usual) return true;
  const { rows = 0 } = task.sizes as { readonly rows?: number };
  return (software || variant !== 'software') && (variant !== 'few-rows' || rows <= MOST_FEW_ROWS);
}

function isLarge({ flops, workgroups: [x, y, z] }: Kernel): boolean {
  return flops > MOST_SOFTWARE_OPERATIONS || x * y * z > MOST_SOFTWARE_WORKGROUPS;
}

/** FNV-1a, for telling versions of kernels apart. */
function fingerprintOf(kernels: readonly Kernel[]): string {
  let hash = 0x811c9dc5;
  for (const { source, constants, workgroups } of kernels) {
    const text = `${source}${JSON.stringify([constants, workgroups])}`;
    for (let at = 0; at < text.length; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
