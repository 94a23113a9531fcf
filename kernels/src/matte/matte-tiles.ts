import type { Kernel } from '../kernel.ts';

/** A part of a picture that is worked on by itself. */
export interface MatteTile {
  /** In the picture, margins included; may be beyond its border. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Pixels around it that are solved with it, but not wanted. */
  readonly margin: number;
}

/** Tiles that are worked on together, one after the other in the buffers of pixels. */
export interface TileBatch {
  /** Contents of the binding `tiles`. */
  readonly table: Uint32Array<ArrayBuffer>; // [tiles, 13]
  readonly tiles: number;
  /** Of all tiles. */
  readonly pixels: number;
  /** Workgroups of the largest tile, and of all. */
  readonly mostGroups: number;
  readonly groups: number;
  /** Words of levels of all tiles. */
  readonly words: number;
}

/** Invocations per workgroup, which every device has. */
export const TILE_GROUP_SIZE = 256;

/** Words of a tile in the table. */
const TILE_WORDS = 13;

/** Words of a row of levels. */
export function levelRowWords({ width, margin }: MatteTile): number {
  return Math.ceil((width - 2 * margin) / 4);
}

/** @param picture - whose windows are whole: none reaches beyond its border */
export function packTiles(
  tiles: readonly MatteTile[],
  picture: { readonly width: number; readonly height: number },
): TileBatch {
  const table = new Int32Array(tiles.length * TILE_WORDS);
  let [pixels, mostGroups, groups, words] = [0, 0, 0, 0];
  tiles.forEach((tile, index) => {
    const { left, top, width, height, margin } = tile;
    const own = Math.ceil((width * height) / TILE_GROUP_SIZE);
    const windows = [
      Math.max(1, 1 - left),
      Math.max(0, Math.min(width - 1, picture.width - 1 - left)),
      Math.max(1, 1 - top),
      Math.max(0, Math.min(height - 1, picture.height - 1 - top)),
    ];
    const entry = [left, top, width, height, pixels, margin, words, ...windows, own, groups];
    table.set(entry, index * TILE_WORDS);
    pixels += width * height;
    mostGroups = Math.max(mostGroups, own);
    groups += own;
    words += levelRowWords(tile) * (height - 2 * margin);
  });
  return {
    table: new Uint32Array(table.buffer),
    tiles: tiles.length,
    pixels,
    mostGroups,
    groups,
    words,
  };
}

/** What a kernel over tiles is made of. */
export interface TileKernelParts {
  readonly label: string;
  readonly source: string;
  readonly constants?: Readonly<Record<string, number>>;
  /** Bytes of a parameters buffer, if there is one before the tiles. */
  readonly parameters?: number;
  /** Bytes of bindings by name, in the order of the shader. */
  readonly read: Readonly<Record<string, number>>;
  readonly write: Readonly<Record<string, number>>;
  /** Arithmetic per pixel. */
  readonly flops: number;
}

/** A kernel with a row of workgroups for each tile. */
export function tileKernel(batch: TileBatch, parts: TileKernelParts): Kernel {
  const { parameters, read, write } = parts;
  const bindings = (sizes: Readonly<Record<string, number>>, access: 'read' | 'read-write') =>
    Object.entries(sizes).map(([name, bytes]) => ({ name, access, bytes }));
  return {
    label: parts.label,
    source: parts.source,
    constants: { ...parts.constants, WORKGROUP_SIZE: TILE_GROUP_SIZE },
    bindings: [
      ...(parameters === undefined ? [] : bindings({ parameters }, 'read')),
      ...bindings({ tiles: batch.table.byteLength, ...read }, 'read'),
      ...bindings(write, 'read-write'),
    ],
    workgroups: [batch.mostGroups, batch.tiles, 1],
    flops: batch.pixels * parts.flops,
  };
}
