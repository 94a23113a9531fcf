import { AttentionError, ConvolutionError, type Kernel, ProductError } from '@samgpu/kernels';

import { WebGpuError } from '../webgpu-error.ts';
import type { KernelTask, VariedKernel } from './kernel-task.ts';
import { ruleMatches, type VariantRule } from './variant-rule.ts';

/**
 * The kernel of the first rule that is for a task and that the device can run, else the usual one.
 *
 * @throws WebGpuError `unsupported` where the device cannot run that either
 */
export function chooseKernel<Name extends VariedKernel>(
  task: KernelTask<Name>,
  rules: readonly VariantRule[],
): Kernel {
  for (const rule of rules) {
    const variant = task.variants.find((name) => name === rule.variant);
    if (variant !== undefined && ruleMatches(rule, task as unknown as KernelTask)) {
      const kernel = makeOrRefuse(task, variant);
      if (!(kernel instanceof Error)) return kernel;
    }
  }
  const usual = makeOrRefuse(task, task.usual);
  if (usual instanceof Error) {
    // Grids and workgroup memory: what a device has too little of.
    throw new WebGpuError('unsupported', usual.message, { cause: usual });
  }
  return usual;
}

/** The kernel in a variant, or why that variant cannot be made after all. */
export function makeOrRefuse<Name extends VariedKernel>(
  task: KernelTask<Name>,
  variant: KernelTask<Name>['usual'],
): Kernel | Error {
  try {
    return task.make(variant);
  } catch (error) {
    const isRefusal =
      error instanceof ProductError ||
      error instanceof AttentionError ||
      error instanceof ConvolutionError;
    if (isRefusal) return error;
    throw error;
  }
}
