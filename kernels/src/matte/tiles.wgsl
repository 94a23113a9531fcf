// Parts of a picture that are worked on together: one after the other in the buffers of pixels, one
// row of workgroups each.

struct Tile {
  left: i32, // in the picture, may be beyond it
  top: i32,
  width: u32,
  height: u32,
  first: u32, // of its pixels in the buffers
  margin: u32, // pixels around it that are solved with it
  word: u32, // the first of its levels, four to a word
  window_left: u32, // of the middles of whole windows of 3x3: the first column
  window_right: u32, // and behind the last
  window_top: u32,
  window_bottom: u32,
  blocks: u32,
  part: u32, // the first of what they sum, one each
  course: u32, // the first word of its course
  flags: u32, // and of the flags of its blocks
}

const BLOCK = 16u; // side, in pixels; a workgroup does one

/// Of a tile, its blocks row by row.
fn place_in(tile: Tile, block: u32, lane: u32) -> vec2u {
  let across = (tile.width + BLOCK - 1) / BLOCK;
  return BLOCK * vec2u(block % across, block / across) + vec2u(lane % BLOCK, lane / BLOCK);
}

fn index_of(tile: Tile, place: vec2u) -> u32 {
  return tile.first + place.y * tile.width + place.x;
}

const LABEL = 1u << 24; // flag beside a colour: inside of the mask
