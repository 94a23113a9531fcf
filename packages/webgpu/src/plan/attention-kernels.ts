/** Attention in the variant that the device's table says. */
import {
  attention,
  ATTENTION_VARIANTS,
  type AttentionOptions,
  type AttentionSizes,
  chooseAttention,
  chooseWindowAttention,
  type Kernel,
  windowAttention,
  type WindowAttentionOptions,
  type WindowAttentionSizes,
  windowAttentionVariants,
} from '@samgpu/kernels';

import type { Planner } from './planner.ts';

export function attentionKernel(
  sizes: AttentionSizes,
  options: AttentionOptions,
  planner: Planner,
): Kernel {
  const device = planner.device.kernels;
  const { batch = 1, queries, keys, heads, width, valueWidth = width } = sizes;
  const relative = options.relative === undefined ? 0 : 1;
  return planner.choose({
    kernel: 'attention',
    sizes: { batch, queries, keys, heads, width, valueWidth, relative },
    variants: ATTENTION_VARIANTS,
    usual: chooseAttention({ queries, keys }, device),
    make: (variant) => attention(sizes, { ...options, variant }, device),
  });
}

export function windowAttentionKernel(
  sizes: WindowAttentionSizes,
  options: WindowAttentionOptions,
  planner: Planner,
): Kernel {
  const device = planner.device.kernels;
  const { batch = 1, grid, window, heads, width, valueWidth = width } = sizes;
  const perImage = Math.ceil(grid.height / window.height) * Math.ceil(grid.width / window.width);
  const keys = window.height * window.width;
  const extent = { queries: keys, keys };
  const relative = options.relative === true ? 1 : 0;
  return planner.choose({
    kernel: 'windowAttention',
    sizes: { windows: batch * perImage, ...extent, heads, width, valueWidth, relative },
    variants: windowAttentionVariants(device),
    usual: chooseWindowAttention(extent, device),
    make: (variant) => windowAttention(sizes, { ...options, variant }, device),
  });
}
