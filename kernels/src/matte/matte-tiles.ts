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
  readonly table: Uint32Array<ArrayBuffer>; // [tiles, 15]
  readonly tiles: number;
  /** Of all tiles. */
  readonly pixels: number;
  /** Blocks of the tile with the most, and of all. */
  readonly mostBlocks: number;
  readonly blocks: number;
  /** Words of levels of all tiles. */
  readonly words: number;
}

/** Side of what a workgroup does of a tile, in pixels. */
export const TILE_BLOCK = 16;

/** Invocations per workgroup, which every device has. */
export const TILE_GROUP_SIZE: number = TILE_BLOCK ** 2;

/** Words of what is known of the course of a tile. */
export const COURSE_WORDS = 5;

/** Words of a tile in the table. */
const TILE_WORDS = 15;

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
  let [pixels, mostBlocks, blocks, words] = [0, 0, 0, 0];
  tiles.forEach((tile, index) => {
    const { left, top, width, height, margin } = tile;
    const own = Math.ceil(width / TILE_BLOCK) * Math.ceil(height / TILE_BLOCK);
    const windows = [
      Math.max(1, 1 - left),
      Math.max(0, Math.min(width - 1, picture.width - 1 - left)),
      Math.max(1, 1 - top),
      Math.max(0, Math.min(height - 1, picture.height - 1 - top)),
    ];
    const course = COURSE_WORDS * index;
    const flags = COURSE_WORDS * tiles.length + blocks;
    const places = [own, blocks, course, flags];
    const entry = [left, top, width, height, pixels, margin, words, ...windows, ...places];
    table.set(entry, index * TILE_WORDS);
    pixels += width * height;
    mostBlocks = Math.max(mostBlocks, own);
    blocks += own;
    words += levelRowWords(tile) * (height - 2 * margin);
  });
  return {
    table: new Uint32Array(table.buffer),
    tiles: tiles.length,
    pixels,
    mostBlocks,
    blocks,
    words,
  };
}

/** Bytes of `courses`: how far each tile has been solved for, and flags of their blocks. */
export function courseBytes({ tiles, blocks }: TileBatch): number {
  return (COURSE_WORDS * tiles + blocks) * 4;
}

/** `courses` of tiles of which nothing is known yet. */
export function newCourses(batch: TileBatch): Uint32Array<ArrayBuffer> {
  const courses = new Uint32Array(courseBytes(batch) / 4);
  // The last word of each says that it is to be worked on.
  for (let tile = 1; tile <= batch.tiles; tile++) courses[tile * COURSE_WORDS - 1] = 1;
  return courses;
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
    workgroups: [batch.mostBlocks, batch.tiles, 1],
    flops: batch.pixels * parts.flops,
  };
}
