import {
  chooseProduct,
  type Kernel,
  matmul,
  type MatmulOptions,
  type MatmulSizes,
  productVariants,
} from '@samgpu/kernels';

import type { Planner } from './planner.ts';

/** A product of two computed matrices, in the variant that the device's table says. */
export function matmulKernel(sizes: MatmulSizes, options: MatmulOptions, planner: Planner): Kernel {
  const device = planner.device.kernels;
  const { batch: [outer, inner] = [1, 1], rows, depth, columns } = sizes;
  const product = { batch: outer * inner, rows, depth, columns };
  return planner.choose({
    kernel: 'matmul',
    sizes: product,
    variants: productVariants(device),
    usual: chooseProduct(product, device),
    make: (variant) => matmul(sizes, { ...options, variant }, device),
  });
}
