// How far each tile has been solved for, and which of its blocks have anything to be found. Linked with
// tiles.wgsl, where a binding `courses` holds these words.

const RHO = 0u; // squared residual, preconditioned
const ENOUGH = 1u; // it may have that much
const STEP = 2u;
const TURN = 3u;
const RUNS = 4u; // 1: not yet done

const OPEN = 1u; // flags of a block: opacities to be found
const WINDOWS = 2u; // middles of windows that such are in

/// The flags of a block, none of a tile that is done.
fn block_flags(tile: Tile, block: u32) -> u32 {
  if (block >= tile.blocks || courses[tile.course + RUNS] == 0) {
    return 0u;
  }
  return courses[tile.flags + block];
}
