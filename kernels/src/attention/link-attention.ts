import type { Binding, Kernel, KernelDevice } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { source as foursOwn } from './fours-own.wgsl.ts';
import { source as foursShared } from './fours-shared.wgsl.ts';
import { source as scalarOperands } from './operands-scalar.wgsl.ts';
import { source as vectorOperands } from './operands.wgsl.ts';
import { source as places } from './places.wgsl.ts';
import { source as software } from './software.wgsl.ts';
import { source as splitKeys } from './split-keys.wgsl.ts';
import { source as tiled } from './tiled.wgsl.ts';
import { type AttentionVariant, QUERIES_PER_WORKGROUP } from './variant.ts';

/** An attention that no kernel can make as asked. */
export class AttentionError extends Error {
  override readonly name = 'AttentionError';
  readonly code = 'attention';
}

/** Where the rows of an operand lie, in elements. Heads lie side by side in a row. */
export interface RowsView {
  /** Of the first head of the first row. By default 0. */
  readonly offset?: number;
  /** By default the width of all heads together. */
  readonly rowStride?: number;
  /** From one image of the batch to the next; 0 repeats one. By default dense. */
  readonly batchStride?: number;
}

/** Some part of an attention shader with what it needs. */
export interface AttentionPart {
  readonly source: string;
  readonly constants?: Readonly<Record<string, number>>;
  /** Bound from 4 on, in order: the source has a line `const NAME_BINDING = ...` for each. */
  readonly bindings?: readonly Binding[];
}

export interface AttentionDescription {
  readonly name: string;
  readonly images: number;
  /** Sets of queries and keys that do not see each other: images, or all windows of all images. */
  readonly groups: number;
  /** That attend together, and that are attended together. */
  readonly queries: number;
  readonly keys: number;
  /** Rows of an image in the operands. */
  readonly queryRows: number;
  readonly keyRows: number;
  readonly heads: number;
  readonly width: number;
  readonly valueWidth: number;
  readonly scale: number;
  readonly query: RowsView;
  readonly key: RowsView;
  readonly value: RowsView;
  readonly rows: AttentionPart;
  readonly padding: AttentionPart;
  readonly bias: AttentionPart;
  readonly variant: AttentionVariant;
}

/** Links an attention kernel. */
export function linkAttention(description: AttentionDescription, device: KernelDevice): Kernel {
  const { name, images, groups, queries, keys, queryRows, heads } = description;
  const { width, valueWidth, scale, variant } = description;
  checkSizes(description);
  const operands = linkOperands(description);
  const main = linkMain(description, device);
  const optional = [description.rows, description.padding, description.bias];
  const bindings: Binding[] = [
    ...operands.bindings,
    { name: 'y', access: 'read-write', bytes: images * queryRows * heads * valueWidth * 4 },
  ];
  const sources = optional.map(({ source, bindings: own = [] }) => {
    const numbers: Record<string, number> = {};
    for (const binding of own) {
      const constant = binding.name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
      numbers[`${constant}_BINDING`] = bindings.length;
      bindings.push(binding);
    }
    return specialize(source, { constants: numbers });
  });
  const workgroups = [Math.ceil(queries / QUERIES_PER_WORKGROUP[variant]), heads, groups] as const;
  if (workgroups.some((count) => count > device.workgroupsPerDimension)) {
    throw new AttentionError(
      `${name}: takes a grid of ${workgroups.join(' x ')} workgroups, the device has ` +
        `${device.workgroupsPerDimension} per dimension; split the batch`,
    );
  }
  return {
    label: `${name} ${variant} ${groups}x${heads} heads of ${width}, ${queries} to ${keys}`,
    source: [main.source, places, operands.source, ...sources].join('\n'),
    constants: {
      HEADS: heads,
      QUERIES: queries,
      KEYS: keys,
      WIDTH: width,
      VALUE_WIDTH: valueWidth,
      SCALE: scale,
      QUERY_ROWS: queryRows,
      ...operands.constants,
      ...Object.assign({}, ...optional.map(({ constants }) => constants)),
    },
    bindings,
    workgroups,
    features: main.features,
    flops: 2 * groups * heads * queries * keys * (width + valueWidth),
  };
}

interface LinkedMain {
  readonly source: string;
  readonly features: readonly string[];
}

function linkMain(
  { width, valueWidth, keys, variant, name }: AttentionDescription,
  { subgroupMinSize, subgroupMaxSize, workgroupStorage }: KernelDevice,
): LinkedMain {
  const QUERY_VECTORS = Math.ceil(width / 4);
  const VALUE_VECTORS = Math.ceil(valueWidth / 4);
  if (variant === 'software') {
    const constants = { VALUE_TILES: Math.ceil(valueWidth / 16) };
    const source = specialize(software, { constants });
    const shares = subgroupMinSize === 4 && subgroupMaxSize === 4;
    return shares
      ? { source: `enable subgroups;\n${source}\n${foursShared}`, features: ['subgroups'] }
      : { source: `${source}\n${foursOwn}`, features: [] };
  }
  if (variant === 'split-keys') {
    const constants = { QUERY_VECTORS, VALUE_VECTORS };
    return { source: specialize(splitKeys, { constants }), features: [] };
  }
  const bytesPerKey = 16 * (QUERY_VECTORS + VALUE_VECTORS);
  const fitting = Math.floor(workgroupStorage / bytesPerKey / 4) * 4;
  const TILE_KEYS = Math.min(MOST_TILE_KEYS, fitting, Math.ceil(keys / 4) * 4);
  if (TILE_KEYS < 4) {
    throw new AttentionError(
      `${name}: four keys of ${width} and values of ${valueWidth} take ${4 * bytesPerKey} bytes of ` +
        `workgroup memory, the device has ${workgroupStorage}; use the split-keys variant`,
    );
  }
  const constants = { QUERY_VECTORS, VALUE_VECTORS, TILE_KEYS };
  return { source: specialize(tiled, { constants }), features: [] };
}

// Scores of a tile are kept in registers.
const MOST_TILE_KEYS = 16;

interface LinkedOperands {
  readonly source: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly bindings: readonly Binding[];
}

function linkOperands(description: AttentionDescription): LinkedOperands {
  const { images, heads, width, valueWidth, queryRows, keyRows } = description;
  const operands = [
    ['query', description.query, queryRows, width],
    ['key', description.key, keyRows, width],
    ['value', description.value, keyRows, valueWidth],
  ] as const;
  const constants: Record<string, number> = {};
  const bindings = operands.map(([name, view, rows, width]): Binding => {
    const { offset = 0, rowStride = heads * width } = view;
    const { batchStride = rows * rowStride } = view;
    constants[`${name.toUpperCase()}_OFFSET`] = offset;
    constants[`${name.toUpperCase()}_ROW_STRIDE`] = rowStride;
    constants[`${name.toUpperCase()}_BATCH_STRIDE`] = batchStride;
    const last = (images - 1) * batchStride + (rows - 1) * rowStride + heads * width;
    return { name, access: 'read', bytes: (offset + last) * 4 };
  });
  const inFours = [width, valueWidth, ...Object.values(constants)].every((n) => n % 4 === 0);
  return { source: inFours ? vectorOperands : scalarOperands, constants, bindings };
}

function checkSizes(description: AttentionDescription): void {
  const { name, images, queries, keys, heads, width, valueWidth, scale } = description;
  const sizes = [images, queries, keys, heads, width, valueWidth];
  if (!sizes.every((size) => Number.isInteger(size) && size > 0) || !Number.isFinite(scale)) {
    throw new AttentionError(
      `${name}: batch ${images}, queries ${queries}, keys ${keys}, heads ${heads}, width ${width}, ` +
        `value width ${valueWidth}, scale ${scale}: all must be positive integers, and the scale finite`,
    );
  }
}
