import { type Epilogue, linkEpilogue, type OutputSources } from '../epilogue/epilogue.ts';
import type { Binding, Kernel, KernelDevice } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { source as fewRows } from './few-rows.wgsl.ts';
import { source as scalarLeft } from './left-scalar.wgsl.ts';
import { source as vectorLeft } from './left-vector.wgsl.ts';
import { source as sharedSoftwareRows } from './software-rows-shared.wgsl.ts';
import { source as softwareStore } from './software-store.wgsl.ts';
import { source as tallSoftware } from './software-tall.wgsl.ts';
import { source as softwareRows } from './software-rows.wgsl.ts';
import { source as software } from './software.wgsl.ts';
import { findSubgroupMatrix, subgroupMatrixKernel } from './subgroup-matrix.ts';
import { source as tiled } from './tiled.wgsl.ts';
import { type ProductSizes, type ProductVariant, TILES } from './variant.ts';

/** A product that no kernel can make as asked. */
export class ProductError extends Error {
  override readonly name = 'ProductError';
  readonly code = 'product';
}

/** Where the matrices of an operand lie, in elements. Rows are dense. */
export interface MatrixView {
  /** By default 0. */
  readonly offset?: number;
  /** By default the length of a row. */
  readonly rowStride?: number;
  /** From one matrix to the next along the inner batch axis; 0 repeats one. By default dense. */
  readonly batchStride?: number;
  /** The same along the outer batch axis. By default dense. */
  readonly outerStride?: number;
}

/** The right factor of a product, as its part of the shader reads it. */
export interface RightFactor {
  readonly source: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly binding: Binding;
  /** Features of the device that reading it takes. */
  readonly features?: readonly string[];
  readonly scaled?: boolean;
  /** Whether it is stored in f16, so that the product need not be made more exactly. */
  readonly half?: boolean;
}

/** A left factor that is no matrix in memory, as its part of the shader reads it. */
export interface LeftFactor {
  readonly source: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly binding: Binding;
}

/** Where results go that are not stored as rows and columns of the product. */
export interface Placement {
  readonly rows: number;
  readonly columns: number;
  readonly sources: OutputSources;
  readonly constants: Readonly<Record<string, number>>;
}

export interface ProductDescription extends ProductSizes {
  readonly name: string;
  readonly inner: number;
  readonly left: MatrixView | LeftFactor;
  readonly right: RightFactor;
  readonly epilogue: Epilogue;
  /** By default the product itself, dense. */
  readonly placement?: Placement;
  readonly variant: ProductVariant;
}

// Fewer rows are better shared among all cores.
const FEWEST_TALL_ROWS = 128;
const TALL_TILE = [16, 32] as const;

/**
 * Whether the software variant takes twice as many rows at a time. Beside weights that are unpacked
 * as they are read, that many sums take a quarter longer instead of a seventh less.
 */
function takesTallTiles({ variant, rows, right }: ProductDescription): boolean {
  const isPacked = (right.half ?? false) || (right.scaled ?? false);
  return variant === 'software' && rows >= FEWEST_TALL_ROWS && !isPacked;
}

/** Links a kernel that makes `y = epilogue(left * right)`, dense. */
export function product(description: ProductDescription, device: KernelDevice): Kernel {
  const { name, batch = 1, inner, rows, depth, columns, left, right, variant } = description;
  checkSizes(description);
  const { placement = { rows: batch * rows, columns, sources: undefined, constants: {} } } =
    description;
  const epilogue = linkEpilogue(
    placement.rows,
    placement.columns,
    description.epilogue,
    right.scaled ?? false,
    placement.sources,
  );
  const leftFactor =
    'source' in left ? left : linkLeft(left, { outer: batch / inner, inner, rows, columns: depth });
  const [tileRows, tileColumns] = takesTallTiles(description) ? TALL_TILE : TILES[variant];
  const [across, down] = [Math.ceil(columns / tileColumns), Math.ceil(rows / tileRows)];
  const workgroups =
    variant === 'software' ? ([down, across, batch] as const) : ([across, down, batch] as const);
  if (workgroups.some((count) => count > device.workgroupsPerDimension)) {
    throw new ProductError(
      `${name}: [${batch}, ${rows}, ${columns}] takes a grid of ${workgroups.join(' x ')} workgroups, ` +
        `the device has ${device.workgroupsPerDimension} per dimension; fold batches into rows`,
    );
  }
  const main = linkMain(description, device);
  const features = [...new Set([...main.features, ...(right.features ?? [])])];
  const parts = [
    ...features.filter((feature) => feature in extensions).map((feature) => extensions[feature]!),
    main.source,
    leftFactor.source,
    right.source,
    epilogue.source,
  ];
  const size = `${batch > 1 ? `${batch}x` : ''}${rows}x${depth}x${columns}`;
  return {
    label: `${name} ${variant} ${size}`,
    source: parts.join('\n'),
    constants: {
      OUTER: batch / inner,
      INNER: inner,
      ROWS: rows,
      DEPTH: depth,
      COLUMNS: columns,
      ...leftFactor.constants,
      ...right.constants,
      ...epilogue.constants,
      ...placement.constants,
    },
    bindings: [leftFactor.binding, right.binding, ...epilogue.bindings],
    workgroups,
    features,
    flops: 2 * batch * rows * depth * columns,
  };
}

// What a feature is called in WGSL, where its shaders do not say so themselves.
const extensions: Readonly<Record<string, string>> = {
  'shader-f16': 'enable f16;',
  subgroups: 'enable subgroups;',
};

interface LinkedMain {
  readonly source: string;
  readonly features: readonly string[];
}

function linkMain(description: ProductDescription, device: KernelDevice): LinkedMain {
  const { name, variant, right } = description;
  if (variant === 'subgroup-matrix') {
    const configuration = findSubgroupMatrix(device, right.half ?? false);
    if (configuration === undefined) {
      throw new ProductError(
        `${name}: the device multiplies no matrices of a shape that subgroup-matrix can use; ` +
          'choose a tiled variant',
      );
    }
    return subgroupMatrixKernel(configuration);
  }
  if (variant === 'software') {
    const shares = device.subgroupMinSize === 4 && device.subgroupMaxSize === 4;
    const main = takesTallTiles(description) ? tallSoftware : software;
    return {
      source: [main, softwareStore, shares ? sharedSoftwareRows : softwareRows].join('\n'),
      features: shares ? ['subgroups'] : [],
    };
  }
  if (variant === 'few-rows') return { source: fewRows, features: [] };
  const VECTORS = variant === 'tiled-64' ? 2 : 1;
  return { source: specialize(tiled, { constants: { VECTORS } }), features: [] };
}

function linkLeft(view: MatrixView, sizes: MatrixSizes): LeftFactor {
  const { offset, rowStride, batchStride, outerStride, extent } = resolveView(view, sizes);
  const numbers = [offset, rowStride, batchStride, outerStride, sizes.columns];
  return {
    source: numbers.every((number) => number % 4 === 0) ? vectorLeft : scalarLeft,
    constants: {
      LEFT_OFFSET: offset,
      LEFT_ROW_STRIDE: rowStride,
      LEFT_BATCH_STRIDE: batchStride,
      LEFT_OUTER_STRIDE: outerStride,
    },
    binding: { name: 'left', access: 'read', bytes: extent * 4 },
  };
}

export interface MatrixSizes {
  readonly outer: number;
  readonly inner: number;
  readonly rows: number;
  readonly columns: number;
}

export interface ResolvedView extends Required<MatrixView> {
  /** Elements from the start of the buffer to the last one that is read. */
  readonly extent: number;
}

/** Fills in what a view leaves out. */
export function resolveView(view: MatrixView, sizes: MatrixSizes): ResolvedView {
  const { outer, inner, rows, columns } = sizes;
  const { offset = 0, rowStride = columns } = view;
  const { batchStride = rows * rowStride } = view;
  const { outerStride = inner * batchStride } = view;
  const last =
    (outer - 1) * outerStride + (inner - 1) * batchStride + (rows - 1) * rowStride + columns;
  return { offset, rowStride, batchStride, outerStride, extent: offset + last };
}

function checkSizes({ name, batch = 1, inner, rows, depth, columns }: ProductDescription): void {
  const sizes = [batch, inner, rows, depth, columns];
  if (!sizes.every((size) => Number.isInteger(size) && size > 0) || batch % inner !== 0) {
    throw new ProductError(
      `${name}: batch ${batch} (inner ${inner}), rows ${rows}, depth ${depth}, columns ${columns}: ` +
        'all must be positive integers, and the batch a multiple of its inner axis',
    );
  }
}
